"""The engines that have to pass the traps, each with the traps that it refuses to answer.

One pass counts a unique key in parts of millions of rows; here in parts of two, as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from contracts import engines
from contracts.engines import one_pass, reference, unique
from contracts.evaluation import Evaluation
from contracts.promises import Contract
from harness.run.landing import sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    name: str
    evaluate: Callable[[Contract, Path], Evaluation]
    refused: frozenset[str]
    """Titles of traps with a right count that it does not give."""


_REFERENCE = frozenset(
    {
        "inf bound: lt(inf)",
        "decimal(12,2), float bound 0.1",
        "int64 max + 1 (true sum)",
        "uint64: x - 1 >= 0 (true difference)",
        "uint8: 200 + 100 <= 255",
        "int32: 100,000 squared",
        "decimals multiplied to a finer scale",
    }
)


def _chosen(contract: Contract, path: Path) -> Evaluation:
    return engines.evaluate(contract, path, sha256=sha256(path))


def _in_small_parts(contract: Contract, path: Path) -> Evaluation:
    with patch.multiple(unique, PART_ROWS=2, PASS_ROWS=3, _FIRST=2):
        return one_pass.evaluate(contract, path)


ENGINES = (
    Engine(name="reference", evaluate=reference.evaluate, refused=_REFERENCE),
    Engine(name="one pass", evaluate=one_pass.evaluate, refused=_REFERENCE),
    Engine(name="one pass in small parts", evaluate=_in_small_parts, refused=_REFERENCE),
    Engine(name="as the product chooses", evaluate=_chosen, refused=_REFERENCE),
)
