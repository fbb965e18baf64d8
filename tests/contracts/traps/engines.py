"""The engines that have to pass the traps, each with the traps that it refuses to answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts import engines
from contracts.engines import one_pass, reference
from contracts.evaluation import Evaluation


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    name: str
    evaluate: Callable[[Any, Path], Evaluation]
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
ENGINES = (
    Engine(name="reference", evaluate=reference.evaluate, refused=_REFERENCE),
    Engine(name="one pass", evaluate=one_pass.evaluate, refused=_REFERENCE),
    Engine(name="as the product chooses", evaluate=engines.evaluate, refused=_REFERENCE),
)
