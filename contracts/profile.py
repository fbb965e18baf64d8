"""Profiles: the values of one landed file counted on a given grid, a block of rows at a time.

A grid is a profile in which nothing is counted yet (`contracts/grid.py` chooses one). Two profiles
on one grid can be compared by their counts alone, long after the rows are gone.

Numbers meet the edges in their own type: a decimal or a large integer never becomes a double.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.arrow_schema import arrow_schema
from contracts.evaluation import Categories, ColumnProfile, Numbers, Profile
from contracts.promises import Contract

BLOCK_ROWS = 65_536
DIGITS = 12
"""Of mean and deviation: sums of doubles differ behind them."""
# A panic inside polars is a BaseException; here it spoils one column like any other failure.
CRASHES = (Exception, pl.exceptions.PanicException)


def profile(contract: Contract, grid: Profile, path: Path) -> Profile:
    """Count the landed file at `path` on the columns, edges and categories of `grid`.

    Never raises for what the data hold: a column that cannot be counted says why.
    """
    promised = {f.name: str(f.type) for f in arrow_schema(contract.schema)}
    known = {column.column: column for column in grid.columns}
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            came = {f.name: str(f.type) for f in file.schema_arrow}
            counters = [
                _Counter(
                    grid=known.get(name, _skip(name, kind, "")),
                    failure=_hindrance(kind, known.get(name), came.get(name)),
                )
                for name, kind in promised.items()
            ]
            counted = [counter for counter in counters if counter.failure is None]
            names = [counter.grid.column for counter in counted]
            for block in file.iter_batches(batch_size=BLOCK_ROWS, columns=names):
                for counter in counted:
                    counter.add(block.column(counter.grid.column))
            rows = file.metadata.num_rows
    except CRASHES as error:
        why = f"the landed file could not be read ({type(error).__name__})"
        columns = tuple(_skip(name, kind, why) for name, kind in promised.items())
        return Profile(dataset=grid.dataset, rows=0, columns=columns)
    columns = tuple(counter.counted() for counter in counters)
    return Profile(dataset=grid.dataset, rows=rows, columns=columns)


def _hindrance(promised: str, known: ColumnProfile | None, came: str | None) -> str | None:
    """Why a column cannot be counted at all."""
    if known is None:
        return "the reference does not hold it"
    if known.type != promised:
        return f"the reference has {known.type}"
    if came is None:
        return "it was not sent"
    return None if came == promised else f"it came as {came}"


def _skip(column: str, kind: str, why: str) -> ColumnProfile:
    return ColumnProfile(column=column, type=kind, missing=None, skipped=why)


def values_of(array: pa.Array[Any] | pa.ChunkedArray[Any]) -> pl.Series:
    """The values themselves: a null is missing, and so is NaN."""
    values = pl.Series(array)
    return (values.fill_nan(None) if values.dtype.is_float() else values).drop_nulls()


def edge_texts(edges: pl.Series) -> tuple[str, ...]:
    """Edges as their type writes them."""
    return tuple(repr(e) if isinstance(e, float) else str(e) for e in edges.to_list())


@dataclass(slots=True, kw_only=True)
class _Counter:
    """One column's counts while its blocks pass by."""

    grid: ColumnProfile
    missing: int = 0
    failure: str | None = None
    counts: list[int] = field(default_factory=list)
    moments: tuple[int, float, float] = (0, 0.0, 0.0)
    """Count, mean and sum of squared distances from it, of what has passed."""

    def add(self, array: pa.Array[Any]) -> None:
        """Take in one block."""
        if self.failure is not None:
            return
        try:
            values = values_of(array)
            self.missing += len(array) - len(values)
            if self.grid.numbers is not None:
                self._add_numbers(values, self.grid.numbers)
            elif self.grid.categories is not None:
                self._add_categories(values, self.grid.categories)
        except CRASHES as error:  # its text may quote the data
            self.failure = f"counting it raised {type(error).__name__}"

    def counted(self) -> ColumnProfile:
        """The column's profile; a failure leaves no counts that could be taken for whole."""
        if self.failure is not None:
            return _skip(self.grid.column, self.grid.type, self.failure)
        found = replace(self.grid, missing=self.missing)
        if self.grid.numbers is not None:
            mean, sd = _rounded(self.moments)
            counts = tuple(self.counts) or (0,) * (len(self.grid.numbers.edges) + 1)
            numbers = replace(self.grid.numbers, counts=counts, mean=mean, sd=sd)
            return replace(found, numbers=numbers)
        if self.grid.categories is not None:
            counts = tuple(self.counts) or (0,) * (len(self.grid.categories.names) + 1)
            return replace(found, categories=replace(self.grid.categories, counts=counts))
        return found

    def _add_numbers(self, values: pl.Series, grid: Numbers) -> None:
        edges = _edges(grid.edges, values.dtype)
        places = edges.search_sorted(values, side="left")
        self._add_counts(_by_value(places), range(len(edges) + 1))
        self.moments = _pooled(self.moments, values.cast(pl.Float64))

    def _add_categories(self, values: pl.Series, grid: Categories) -> None:
        found = _by_value(values.cast(pl.String))
        named = {name: found.pop(name, 0) for name in grid.names}
        self._add_counts({**named, None: sum(found.values())}, [*grid.names, None])

    def _add_counts(self, found: Mapping[Any, int], keys: Any) -> None:
        new = [found.get(key, 0) for key in keys]
        self.counts = [a + b for a, b in zip(self.counts or [0] * len(new), new, strict=True)]


def _by_value(values: pl.Series) -> dict[Any, int]:
    counted = values.alias("value").value_counts()
    return dict(zip(counted["value"].to_list(), counted["count"].to_list(), strict=True))


def _edges(texts: tuple[str, ...], dtype: pl.DataType) -> pl.Series:
    read: Callable[[str], object] = float if dtype.is_float() else int
    if dtype.is_decimal():
        return pl.Series(texts, dtype=pl.String).cast(dtype)
    return pl.Series([read(text) for text in texts], dtype=dtype)


def _pooled(known: tuple[int, float, float], values: pl.Series) -> tuple[int, float, float]:
    """Moments of two parts together (Chan, Golub, LeVeque 1983): no sum of squares to cancel."""
    mean = values.mean()
    if not isinstance(mean, float):
        return known
    n, old, spread = known
    more = len(values)
    apart = mean - old
    squares = float(((values - mean) ** 2).sum())
    whole = n + more
    return (
        whole,
        old + apart * more / whole,
        spread + squares + apart * apart * n * more / whole,
    )


def _rounded(moments: tuple[int, float, float]) -> tuple[float | None, float | None]:
    n, mean, spread = moments
    if n == 0 or not (math.isfinite(mean) and math.isfinite(spread)):
        return None, None
    return float(f"{mean:.{DIGITS}g}"), float(f"{math.sqrt(spread / n):.{DIGITS}g}")
