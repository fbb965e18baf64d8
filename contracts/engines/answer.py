"""One check's answer on a frame, and the number of failures in it.

A check speaks of each row: its answer has a value for each. Or it speaks of the table: it returns
a bool, or selects aggregates alone. The second kind has one value for a table without rows as
well, which is how it is told from `head(1)` or a filter that leaves one row.

Null is no answer. Only where `ignore_na` is set, and a value that the answer depends on is missing
in that row, is the row left out, as Pandera does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandera.polars as pa
import polars as pl

from contracts.bounds import argument_problems, exact_arguments
from contracts.engines.arithmetic import Watched
from contracts.engines.strict import NotRun
from contracts.rules import builtin

# A panic inside polars is a BaseException; here it fails one rule, as any other error does.
CRASHES = (Exception, pl.exceptions.PanicException)

_ROW_OR_TABLE = (
    "its answer has no value for each row: answer for every row, or for the table with aggregates "
    'alone, as pl.col("…").max() < 5'
)
_NULL_ROW = (
    "it answers null where nothing is missing: say what that means, "
    "with .otherwise(…) or .fill_null(…)"
)
_NULL_TABLE = "it answers null, as over no values: say what that means, with .fill_null(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a check said."""

    values: pl.Series
    by_row: tuple[str, ...]
    """Columns on whose value in a row the answer for that row depends."""


def ask(check: pa.Check, column: str | None, frame: pl.DataFrame) -> Answer:
    """Run a check on `frame`, watching its arithmetic. Raises NotRun, or what the check raises."""
    lazy = frame.lazy()
    dtypes = tuple(frame.schema[name] for name in _own(column, frame))
    for problem in argument_problems(check, dtypes):
        raise NotRun(problem)
    backend: Any = check.get_backend(lazy)(check)  # Pandera's base class has no types for it
    watched: list[Watched] = []
    name = builtin(check)
    if name is not None:  # a copy of a check may hold an older registry of Pandera's
        function = check.get_builtin_check_fn(name)
        backend.check_fn = partial(function, **exact_arguments(check, dtypes))
    elif not check.element_wise:
        backend.check_fn = partial(_watch, backend.check_fn, watched)
    out = backend.apply(pa.PolarsData(lazy, column or "*"))
    values = pl.Series([out]) if isinstance(out, bool) else out.collect().to_series()
    if values.dtype != pl.Boolean:
        raise NotRun("it answers no true and false: compare, as pl.col(…) > 0")
    by_row = set(_own(column, frame))
    for one in watched:
        one.verify()
        by_row = one.columns_by_row() & set(frame.columns)
    return Answer(values=values, by_row=tuple(by_row))


def _watch(function: Callable[[Any], Any], watched: list[Watched], data: pa.PolarsData) -> Any:
    """What the check answers to a frame whose arithmetic is watched."""
    stand_in: Any = Watched(base=data.lazyframe, frame=data.lazyframe)
    out = function(data._replace(lazyframe=stand_in))
    if isinstance(out, bool):
        return out
    if not isinstance(out, Watched):
        raise NotRun("it answers no frame: return data.lazyframe.select(…)")
    watched.append(out)
    return out.frame


def count_failures(check: pa.Check, column: str | None, frame: pl.DataFrame) -> int:
    """Rows of `frame` that fail a check; all of them where the check speaks of the table."""
    answer = ask(check, column, frame)
    values = answer.values
    if values.len() == 1 and _speaks_of_table(check, column, frame):
        if values.item() is None and check.ignore_na:
            raise NotRun(_NULL_TABLE)
        return 0 if values.item() else frame.height
    if values.len() != frame.height:
        raise NotRun(_ROW_OR_TABLE)
    if check.ignore_na and values.null_count():
        if (values.is_null() & ~_left_out(answer, frame)).any():
            raise NotRun(_NULL_ROW)
        return int((~values).sum())
    return frame.height - int(values.sum())


def _left_out(answer: Answer, frame: pl.DataFrame) -> pl.Series:
    """Rows in which a value that the answer depends on is missing."""
    missing = [pl.col(name).is_null() for name in answer.by_row]
    return frame.select(pl.any_horizontal(pl.lit(value=False), *missing)).to_series()


def _own(column: str | None, frame: pl.DataFrame) -> tuple[str, ...]:
    return tuple(frame.columns) if column is None else (column,)


def _speaks_of_table(check: pa.Check, column: str | None, frame: pl.DataFrame) -> bool:
    try:
        return ask(check, column, frame.clear()).values.len() == 1
    except CRASHES:  # what fails on no rows does not speak of them all
        return False
