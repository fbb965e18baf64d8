"""One check's answer on a frame, and the number of failures in it.

A check speaks of each row: its answer has a value for each. Or it speaks of the table: it returns
a bool, or selects aggregates alone. The second kind has one value for a table without rows as
well, which is how it is told from `head(1)` or a filter that leaves one row.

Null is no answer. Only where `ignore_na` is set, and a value that the answer depends on is missing
in that row, is the row left out, as Pandera does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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

ROW_OR_TABLE = (
    "its answer has no value for each row: answer for every row, or for the table with aggregates "
    'alone, as pl.col("…").max() < 5'
)
NULL_ROW = (
    "it answers null where nothing is missing: say what that means, "
    "with .otherwise(…) or .fill_null(…)"
)
NO_BOOLEAN = "it answers no true and false: compare, as pl.col(…) > 0"
NULL_TABLE = "it answers null, as over no values: say what that means, with .fill_null(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a check said."""

    values: pl.Series
    by_row: tuple[str, ...]
    """Columns on whose value in a row the answer for that row depends."""


def ask(check: pa.Check, column: str | None, rows: pl.DataFrame | pl.LazyFrame) -> Answer:
    """Run a check on `rows`, watching its arithmetic. Raises NotRun, or what the check raises."""
    frame = rows.lazy()
    schema = frame.collect_schema()
    backend: Any = check.get_backend(frame)(check)  # Pandera's base class has no types for it
    watched: list[Watched] = []
    name = builtin(check)
    if name is not None:  # a copy of a check may hold an older registry of Pandera's
        backend.check_fn = exact(check, name, _own(column, schema))
    elif not check.element_wise:
        backend.check_fn = partial(_watch, backend.check_fn, watched)
    out = backend.apply(pa.PolarsData(frame, column or "*"))
    values = pl.Series([out]) if isinstance(out, bool) else out.collect().to_series()
    if values.dtype != pl.Boolean:
        raise NotRun(NO_BOOLEAN)
    by_row = set(_own(column, schema))
    for one in watched:
        one.verify()
        by_row = one.columns_by_row() & set(schema)
    return Answer(values=values, by_row=tuple(by_row))


def exact(check: pa.Check, name: str, own: Mapping[str, pl.DataType]) -> Callable[[Any], Any]:
    """A built-in check with arguments that compare exactly with the types of its columns. Raises
    NotRun where there are none.
    """
    dtypes = tuple(own.values())
    for problem in argument_problems(check, dtypes):
        raise NotRun(problem)
    return partial(check.get_builtin_check_fn(name), **exact_arguments(check, dtypes))


def watch(function: Callable[[Any], Any], data: pa.PolarsData) -> Watched | bool:
    """What the check answers to a frame whose arithmetic is watched."""
    stand_in: Any = Watched(base=data.lazyframe, frame=data.lazyframe)
    out = function(data._replace(lazyframe=stand_in))
    if not isinstance(out, Watched | bool):
        raise NotRun("it answers no frame: return data.lazyframe.select(…)")
    return out


def _watch(function: Callable[[Any], Any], watched: list[Watched], data: pa.PolarsData) -> Any:
    out = watch(function, data)
    if isinstance(out, Watched):
        watched.append(out)
    return out.frame if isinstance(out, Watched) else out


def count_failures(check: pa.Check, column: str | None, frame: pl.DataFrame | pl.LazyFrame) -> int:
    """Rows of `frame` that fail a check; all of them where the check speaks of the table."""
    lazy = frame.lazy()
    rows = int(lazy.select(pl.len()).collect().item())
    answer = ask(check, column, lazy)
    values = answer.values
    if values.len() == 1 and _speaks_of_table(check, column, lazy):
        if values.item() is None and check.ignore_na:
            raise NotRun(NULL_TABLE)
        return 0 if values.item() else rows
    if values.len() != rows:
        raise NotRun(ROW_OR_TABLE)
    if check.ignore_na and values.null_count():
        if (values.is_null() & ~_left_out(answer, lazy)).any():
            raise NotRun(NULL_ROW)
        return int((~values).sum())
    return rows - int(values.sum())


def any_missing(columns: Iterable[str]) -> pl.Expr:
    """Whether a value of the row is missing in one of the columns."""
    missing = [pl.col(name).is_null() for name in columns]
    return pl.any_horizontal(pl.lit(value=False), *missing)


def _left_out(answer: Answer, frame: pl.LazyFrame) -> pl.Series:
    """Rows in which a value that the answer depends on is missing."""
    return frame.select(any_missing(answer.by_row)).collect().to_series()


def _own(column: str | None, schema: pl.Schema) -> dict[str, pl.DataType]:
    return dict(schema) if column is None else {column: schema[column]}


def _speaks_of_table(check: pa.Check, column: str | None, frame: pl.LazyFrame) -> bool:
    try:
        return ask(check, column, frame.clear()).values.len() == 1
    except CRASHES:  # what fails on no rows does not speak of them all
        return False
