"""What has to be counted to know how many rows fail a rule, as expressions of one select.

The function of a check is called with a stand-in for the frame that records what it selects, so
that a rule is still Pandera's own or the contract's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pandera.polars as pa
import polars as pl

from contracts.bounds import JUDGED
from contracts.engines.answer import (
    CRASHES,
    NO_BOOLEAN,
    NULL_ROW,
    NULL_TABLE,
    ROW_OR_TABLE,
    any_missing,
    exact,
    watch,
)
from contracts.engines.arithmetic import Watched
from contracts.engines.reference import CONTROL_CHARACTER
from contracts.engines.strict import NotRun, strict
from contracts.rules import Kind, Rule, builtin, statistics

Counts: TypeAlias = Mapping[str, int]
"""The values of `Question.counted`, by the same names."""


class Refused(Exception):
    """No select of counts answers the rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """How one rule on values is counted."""

    counted: Mapping[str, pl.Expr]
    failed: Callable[[Counts, int], int]
    """Rows that fail, of so many. Raises NotRun, or Refused."""
    fails: pl.Expr | None
    """Whether a row fails; None for a rule on the whole table."""
    alone: bool = False
    """Whether it is asked in a select of its own: what a contract selects may hold many rows, or
    raise."""


def question(rule: Rule, empty: pl.LazyFrame) -> Question:
    """How a rule on values is counted. Raises Refused, or what its check raises."""
    match rule.kind:
        case Kind.NOT_NULL:
            value = pl.col(rule.columns)
            return _count_rows({"null": value.null_count()}, "null", fails=value.is_null())
        case Kind.NO_CONTROL_CHARACTERS:
            fails = pl.col(rule.columns).str.contains(CONTROL_CHARACTER)
            return _count_rows({"true": fails.sum()}, "true", fails=fails)
        case Kind.CHECK:
            assert rule.check is not None
            return _of_check(rule.check, rule.column, empty)
        case _:
            raise Refused


def implied(rules: Sequence[Rule]) -> Mapping[int, Rule]:
    """By the id of a rule on control characters, the rule that lists all texts of its column and
    none with such a character: where every row keeps it, no text has to be searched.
    """
    lists = {
        rule.columns: rule
        for rule in rules
        if rule.check is not None and rule.columns and builtin(rule.check) == "isin"
        if _is_plain(statistics(rule.check)["allowed_values"])
    }
    return {
        id(rule): lists[rule.columns]
        for rule in rules
        if rule.kind is Kind.NO_CONTROL_CHARACTERS and rule.columns in lists
    }


def _is_plain(texts: Iterable[object]) -> bool:
    listed = [text for text in texts if isinstance(text, str)]
    return not pl.Series(listed, dtype=pl.String).str.contains(CONTROL_CHARACTER).any()


def _count_rows(counted: Mapping[str, pl.Expr], name: str, *, fails: pl.Expr) -> Question:
    return Question(counted=counted, failed=lambda of, _: of[name], fails=fails)


def _of_check(check: pa.Check, column: str | None, empty: pl.LazyFrame) -> Question:
    if check.element_wise:
        raise Refused
    name = builtin(check)
    backend: Any = check.get_backend(empty)(check)  # registers Pandera's functions, too
    if name is None:
        return _own(check, _watch(backend.check_fn, column or "*", empty), empty)
    if name not in JUDGED or column is None:
        raise Refused
    dtype = empty.collect_schema()[column]
    function = exact(check, name, {column: dtype})
    answer = _only(_watch(function, column, empty), empty)
    # It says null of null and of nothing else: what it does not say is no pass.
    return Question(
        counted={"true": answer.sum(), "null": pl.col(column).null_count()},
        failed=lambda of, rows: rows - of["true"] - (of["null"] if check.ignore_na else 0),
        fails=_fails(answer, check),
    )


def _fails(answer: pl.Expr, check: pa.Check) -> pl.Expr:
    return ~answer if check.ignore_na else ~answer.fill_null(value=False)


def _own(check: pa.Check, watched: Watched, empty: pl.LazyFrame) -> Question:
    answer = _only(watched, empty)
    counted = {"values": answer.len(), "true": answer.sum(), "null": answer.null_count()}
    if (checked := strict(answer, empty)) is not answer:  # raises where the answer would wrap
        counted["strict"] = checked.sum()
    if _speaks_of_table(answer, empty):
        return Question(
            counted=counted, failed=lambda of, n: _table(check, of, n), fails=None, alone=True
        )
    if check.ignore_na:
        left_out = any_missing(sorted(watched.columns_by_row() & set(empty.collect_schema())))
        counted["unsaid"] = (answer.is_null() & ~left_out).sum()
    return Question(
        counted=counted,
        failed=lambda of, n: _rows(check, of, n),
        fails=_fails(answer, check),
        alone=True,
    )


def _table(check: pa.Check, of: Counts, rows: int) -> int:
    if of["values"] != 1:
        raise Refused
    if of["null"] and check.ignore_na:
        raise NotRun(NULL_TABLE)
    return 0 if of["true"] else rows


def _rows(check: pa.Check, of: Counts, rows: int) -> int:
    """See `contracts.engines.answer.count_failures`."""
    if of["values"] != rows:
        raise NotRun(ROW_OR_TABLE)
    if not check.ignore_na:
        return rows - of["true"]
    if of["unsaid"]:
        raise NotRun(NULL_ROW)
    return rows - of["true"] - of["null"]


def _watch(function: Callable[[Any], Any], key: str, empty: pl.LazyFrame) -> Watched:
    watched = watch(function, pa.PolarsData(empty, key))
    if isinstance(watched, bool):
        raise Refused
    return watched


def _only(watched: Watched, empty: pl.LazyFrame) -> pl.Expr:
    """The one expression that was selected of the table itself."""
    match watched:
        case Watched(steps=(("select", (answer,)),)):
            dtypes = empty.select(answer).collect_schema().dtypes()
        case _:
            raise Refused
    if len(dtypes) != 1:
        raise Refused
    if dtypes != [pl.Boolean]:
        raise NotRun(NO_BOOLEAN)
    return answer


def _speaks_of_table(answer: pl.Expr, empty: pl.LazyFrame) -> bool:
    try:
        return empty.select(answer).collect().height == 1
    except CRASHES:  # what fails on no rows does not speak of them all
        return False
