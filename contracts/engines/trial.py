"""Tries each check once without data, so that one that can never run is told before the night."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import pandera.polars as pa
import polars as pl

from contracts.bounds import WRITE, kind_of
from contracts.engines.answer import CRASHES, ask
from contracts.engines.arithmetic import NotRun
from contracts.rules import builtin, statistics


@dataclass(frozen=True)
class _Trial:
    """A built-in check on a column of one type. Contracts of one shape share its result."""

    dtype: pl.DataType | type[pl.DataType]
    name: str
    arguments: str
    check: pa.Check = field(compare=False)


def trial_problems(schema: pa.DataFrameSchema) -> Iterator[str]:
    """What keeps a check from ever running on a table of this schema, and what to write."""
    types = {name: column.dtype.type for name, column in schema.columns.items() if column.dtype}
    if len(types) < len(schema.columns):
        return  # the digest refuses a column without a type
    own: list[tuple[str | None, pa.Check]] = [(None, check) for check in schema.checks]
    for column, check in ((n, one) for n, c in schema.columns.items() for one in c.checks):
        name = builtin(check)
        if name is None:
            own.append((column, check))
            continue
        problem = _try_on_type(_Trial(types[column], name, repr(statistics(check)), check))
        if problem is not None:
            yield f"column {column} has a check that cannot run: {check.name}: {problem}"
    table = pl.DataFrame(schema=types if own else {})
    for column_or_table, check in own:
        problem = _try(check, column_or_table, table)
        if problem is not None:
            where = "the table" if column_or_table is None else f"column {column_or_table}"
            yield f"{where} has a check that cannot run: {check.name}: {problem}"


@lru_cache(maxsize=4096)
def _try_on_type(trial: _Trial) -> str | None:
    table = pl.DataFrame(schema={"column": trial.dtype})
    problem = _try(trial.check, "column", table)
    if problem is None or problem is not _RAISES:
        return problem
    dtype = table.schema["column"]
    if trial.name.startswith("str_"):
        return f"it is for texts and the column has the type {dtype}: give the column pl.String"
    return f"its arguments do not fit the type {dtype}: give {WRITE[kind_of(dtype)][1]}"


_RAISES = "it raises even where there is nothing to check: correct it"


def _try(check: pa.Check, column: str | None, table: pl.DataFrame) -> str | None:
    """Why a check can run neither on no rows nor on a row of nulls; None if it can on one."""
    problem = None
    for rows in (0, 1):
        try:
            ask(check, column, table.clear(rows))
        except NotRun as error:
            problem = str(error)
        except CRASHES:
            problem = _RAISES
        else:
            return None
    return problem
