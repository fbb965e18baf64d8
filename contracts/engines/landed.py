"""One landing as an engine sees it, and what no engine has to look at a value for."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import polars.selectors as cs
import pyarrow as pa

from contracts.arrow_schema import arrow_schema, type_text
from contracts.evaluation import Evaluation, Misfit, RuleCount
from contracts.promises import Contract
from contracts.rules import RESERVED, Kind, Rule, plan_rules

CHANGED = "the landed file is not the one that was written: read the source again"


class Changed(Exception):
    """The file holds other bytes than those that were landed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """The rows of one landing, without the reserved columns. NaN is null in them."""

    frame: pl.LazyFrame
    schema: pl.Schema
    rows: int
    rescued: Mapping[str, int]
    """Number of values per column that did not convert to its type."""


def without_reserved(frame: pl.LazyFrame) -> pl.LazyFrame:
    """The columns of the source. NaN passes `>= 0`; here it counts as missing."""
    return frame.drop(RESERVED, strict=False).with_columns(cs.float().fill_nan(None))


def require_unchanged(path: Path, sha256: str | None) -> None:
    """Raise Changed unless every byte of the file is as it was landed, or nobody knows how."""
    if sha256 is None:
        return
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise Changed


def why_unread(error: BaseException) -> str:
    """Why no rule ran. The error's own text may quote data."""
    if isinstance(error, Changed):
        return CHANGED
    return f"the landed file could not be read ({type(error).__name__})"


def unread(contract: Contract, error: BaseException, engine: str, seconds: float) -> Evaluation:
    """An evaluation of nothing: every rule was not run."""
    why = why_unread(error)
    return Evaluation(
        dataset=contract.name,
        rows=0,
        rules=tuple(not_run(rule, why) for rule in plan_rules(contract)),
        missing=(),
        missing_jointly=None,
        engine=engine,
        seconds=seconds,
    )


def not_run(rule: Rule, why: str) -> RuleCount:
    """A rule that was not run."""
    return RuleCount(rule=rule.text, column=rule.column, checked=0, failed=0, error=why)


def counts(
    contract: Contract,
    rules: Iterable[Rule],
    landed: Landed,
    count: Callable[[Rule], RuleCount],
) -> Iterator[RuleCount]:
    """One count of each planned rule: by `count` where values have to be looked at."""
    arrived, known, rows = landed.schema.names(), contract.schema.columns, landed.rows
    for rule in rules:
        if rule.kind is Kind.NO_OTHER_COLUMNS:
            continue
        failed = failures_by_schema(rule, contract, landed)
        absent = [name for name in rule.columns if name not in arrived]
        if absent and rule.kind is not Kind.REQUIRED:
            yield not_run(rule, f"{', '.join(absent)} was not sent")
        elif failed is not None or not rows:
            yield RuleCount(rule=rule.text, column=rule.column, checked=rows, failed=failed or 0)
        else:
            yield count(rule)
    others = {name: failed for name, failed in landed.rescued.items() if name not in known}
    others |= dict.fromkeys((c for c in arrived if c not in known), rows)
    for name, failed in others.items() or [(None, 0)]:
        yield RuleCount(rule=Kind.NO_OTHER_COLUMNS, column=name, checked=rows, failed=failed)


def failures_by_schema(rule: Rule, contract: Contract, landed: Landed) -> int | None:
    """Rows that fail a rule on the columns' names and types; None for a rule on values."""
    if rule.kind is Kind.REQUIRED:
        return 0 if rule.columns[0] in landed.schema else landed.rows
    if rule.kind is Kind.TYPE:
        [name] = rule.columns
        fits = landed.schema.get(name) == contract.schema.columns[name].dtype.type
        return landed.rescued.get(name, 0) if fits else landed.rows
    return None


def misfits(contract: Contract, rules: Iterable[RuleCount]) -> Iterator[Misfit]:
    """The columns in which a value has another type."""
    promised = {one.name: one.type for one in arrow_schema(contract.schema)}
    for rule in rules:
        if rule.rule == Kind.TYPE and rule.failed and rule.column in promised:
            yield Misfit(column=rule.column, promised=type_text(promised[rule.column]))


def count_rescued(column: pa.ChunkedArray[Any] | pa.Array[Any]) -> Counter[str]:
    """How many values of each column are in the texts of `_rescued`."""
    texts: list[Any] = column.drop_null().to_pylist()
    by_columns = Counter(map(_names, texts))
    total: Counter[str] = Counter()
    for names, times in by_columns.items():
        total.update(dict.fromkeys(names, times))
    return total


_decode = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def _names(text: str) -> tuple[str, ...]:
    try:
        return tuple(_decode(text))
    except msgspec.DecodeError:  # half a character: JSON may hold one (RFC 8259 8.2)
        return tuple(json.loads(text).keys())
