"""Checks of a contract's own in the forms that people write, beside what they mean in Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import polars as pl

from tests.contracts.differential.model import Column, Own, Row
from tests.contracts.differential.oracle import is_missing

_HIGHEST: Mapping[str, int] = {"int64": 2**63 - 1, "uint8": 2**8 - 1, "uint64": 2**64 - 1}
_LOWEST: Mapping[str, int] = {"int64": -(2**63), "uint8": 0, "uint64": 0}
_SUMS: Mapping[str, str] = {"int64": "int64", "uint8": "int64", "uint64": "uint64"}
"""The type of a column's sum."""


def owns(columns: Sequence[Column]) -> list[Own]:
    """All forms that fit the columns."""
    found = [own for one in columns for own in _of_column(one.name, one.type)]
    for one, other in pairwise(columns):
        if one.type == other.type and one.type != "bool":
            found.append(_compared(one.name, other.name))
    return found


def _of_column(name: str, kind: str) -> Iterator[Own]:
    x = pl.col(name)
    match kind:
        case "bool":
            yield _by_row(f"{name}_is_so", name, x, lambda v: v)
        case "text":
            short = x.str.len_chars() <= 1
            yield _by_row(f"{name}_is_short", name, short, lambda v: len(v) <= 1)
        case "date" | "utc":
            yield _by_row(f"{name}_is_past", name, x.dt.year() <= 2026, lambda v: v.year <= 2026)
        case _:
            yield from _of_number(name, x)
    if kind in _HIGHEST:
        yield from _of_integer(name, kind, x)
    yield _follows(name, x)
    yield Own(
        name=f"{name}_is_alone",
        form=pl.len().over(name) == 1,
        columns=(name,),
        count=lambda rows: _in_groups([None if is_missing(r[name]) else r[name] for r in rows]),
    )
    yield Own(
        name=f"{name}_mostly_there",
        form=x.is_not_null().mean() >= 0.5,
        columns=(name,),
        count=lambda rows: _of_table(rows, 2 * len(_present(rows, name)) >= len(rows)),
    )


def _of_number(name: str, x: pl.Expr) -> Iterator[Own]:
    yield _by_row(f"{name}_above", name, x > 0, lambda v: v > 0)
    yield _by_row(f"{name}_not_above", name, ~(x > 1), lambda v: not v > 1)
    yield _by_row(f"{name}_or_null", name, x.is_null() | (x > 0), lambda v: v > 0)
    either = pl.when(x > 0).then(x < 2).otherwise(statement=True)
    yield _by_row(f"{name}_if_above", name, either, lambda v: not v > 0 or v < 2)
    yield Own(
        name=f"{name}_highest",
        form=x.max() >= 1,
        columns=(name,),
        count=lambda rows: (
            _of_table(rows, max(present) >= 1) if (present := _present(rows, name)) else None
        ),
    )


def _of_integer(name: str, kind: str, x: pl.Expr) -> Iterator[Own]:
    def shifted(by: int) -> Callable[[Sequence[Row]], int | None]:
        def count(rows: Sequence[Row]) -> int | None:
            moved = [value + by for value in _present(rows, name)]
            if any(not _LOWEST[kind] <= value <= _HIGHEST[kind] for value in moved):
                return None
            return sum(value < 1 for value in moved)

        return count

    yield Own(name=f"{name}_plus_one", form=x + 1 >= 1, count=shifted(1), columns=(name,))
    yield Own(name=f"{name}_less_one", form=x - 1 >= 1, count=shifted(-1), columns=(name,))

    def total(rows: Sequence[Row]) -> int | None:
        found, of = sum(_present(rows, name)), _SUMS[kind]
        fits = _LOWEST[of] <= found <= _HIGHEST[of]
        return _of_table(rows, found <= 3) if fits else None

    yield Own(name=f"{name}_total", form=x.sum() <= 3, count=total, columns=(name,))


def _follows(name: str, x: pl.Expr) -> Own:
    """Against the row before, which may lie in another row group."""

    def count(rows: Sequence[Row]) -> int:
        there = [not is_missing(row[name]) for row in rows]
        return sum(not now and before for before, now in pairwise(there))

    form = x.is_not_null() | x.shift(1).is_null()
    return Own(name=f"{name}_follows", form=form, count=count, columns=(name,))


def _compared(name: str, other: str) -> Own:
    def count(rows: Sequence[Row]) -> int:
        pairs = [(row[name], row[other]) for row in rows]
        return sum(not a <= b for a, b in pairs if not is_missing(a) and not is_missing(b))

    form = pl.col(name) <= pl.col(other)
    return Own(name=f"{name}_to_{other}", form=form, count=count, columns=(name, other))


def _by_row(name: str, column: str, form: pl.Expr, holds: Callable[[Any], bool]) -> Own:
    def count(rows: Sequence[Row]) -> int:
        return sum(not holds(value) for value in _present(rows, column))

    return Own(name=name, form=form, count=count, columns=(column,))


def _present(rows: Sequence[Row], name: str) -> list[Any]:
    return [row[name] for row in rows if not is_missing(row[name])]


def _of_table(rows: Sequence[Row], holds: object) -> int:
    return 0 if holds else len(rows)


def _in_groups(values: Sequence[Any]) -> int:
    return sum(n for n in Counter(values).values() if n > 1)
