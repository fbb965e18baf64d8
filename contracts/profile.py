"""Counts the values of one landing on a given grid, a block of rows at a time.

A grid is a profile whose counts are 0 (`contracts/grid.py` chooses one). Two profiles on one grid
can be compared by their counts alone, long after the rows are gone.

Numbers are compared with the edges in their own type: a decimal or a large integer never becomes a
double.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.arrow_schema import arrow_schema
from contracts.evaluation import Categories, ColumnProfile, Numbers, Profile
from contracts.missing import find_missing
from contracts.promises import Contract, Promises

BLOCK_ROWS = 65_536
DIGITS = 12
"""Digits of mean and deviation; further ones depend on the order of summing."""
# A panic inside polars is a BaseException; here it fails one column, as any other error does.
CRASHES = (Exception, pl.exceptions.PanicException)


class Tally:
    """Counts the rows of one landing on the columns, edges and categories of a grid, as they pass.

    Rows are counted in blocks of `BLOCK_ROWS`, however they were cut before: the sums of doubles,
    and so the profile, do not depend on it. Nothing is raised because of the data: a column that
    cannot be counted says why in `skipped`.
    """

    def __init__(self, contract: Contract, grid: Profile, schema: pa.Schema) -> None:
        known = {column.column: column for column in grid.columns}
        arrived = {f.name: str(f.type) for f in schema}
        self._dataset, self._rows = grid.dataset, 0
        self._counters = [
            _Counter(
                grid=known.get(name, _skip(name, kind, "")),
                failure=_obstacle(kind, known.get(name), arrived.get(name)),
                promises=contract.promises,
            )
            for name, kind in _promised(contract).items()
        ]
        self._active = [counter for counter in self._counters if counter.failure is None]
        self._rest: list[pa.Table] = []
        """Rows of the block that is not full yet."""

    @property
    def columns(self) -> list[str]:
        """The columns whose values are counted; rows may come with others."""
        return [counter.grid.column for counter in self._active]

    def add(self, rows: pa.Table) -> None:
        """Count more rows."""
        filled = self._rows % BLOCK_ROWS
        self._rows += len(rows)
        self._rest.append(rows.select(self.columns))
        if filled + len(rows) < BLOCK_ROWS:
            return
        table, start = pa.concat_tables(self._rest), 0
        while len(table) - start >= BLOCK_ROWS:
            self._count(table.slice(start, BLOCK_ROWS))
            start += BLOCK_ROWS
        self._rest = [table.slice(start)]

    def profile(self) -> Profile:
        """The profile of all rows that came. None may come after it."""
        if self._rest:
            self._count(pa.concat_tables(self._rest))
        self._rest = []
        columns = tuple(counter.profile() for counter in self._counters)
        return Profile(dataset=self._dataset, rows=self._rows, columns=columns)

    def _count(self, block: pa.Table) -> None:
        if len(block):
            for counter in self._active:
                counter.add(block.column(counter.grid.column).combine_chunks())


def profile(contract: Contract, grid: Profile, path: Path) -> Profile:
    """Count the landed file at `path` on the columns, edges and categories of `grid`.

    Never raises because of the data; see `Tally`.
    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            tally = Tally(contract, grid, file.schema_arrow)
            for block in file.iter_batches(batch_size=BLOCK_ROWS, columns=tally.columns):
                tally.add(pa.Table.from_batches([block]))
            return replace(tally.profile(), rows=file.metadata.num_rows)
    except CRASHES as error:
        why = f"the landed file could not be read ({type(error).__name__})"
        columns = tuple(_skip(name, kind, why) for name, kind in _promised(contract).items())
        return Profile(dataset=grid.dataset, rows=0, columns=columns)


def _promised(contract: Contract) -> dict[str, str]:
    return {f.name: str(f.type) for f in arrow_schema(contract.schema)}


def _obstacle(promised: str, known: ColumnProfile | None, arrived: str | None) -> str | None:
    """Why a column cannot be counted at all."""
    if known is None:
        return "the reference does not hold it"
    if known.type != promised:
        return f"the reference has {known.type}"
    if arrived is None:
        return "it was not sent"
    return None if arrived == promised else f"it came as {arrived}"


def _skip(column: str, kind: str, why: str) -> ColumnProfile:
    return ColumnProfile(column=column, type=kind, missing=None, skipped=why)


def values_of(
    name: str,
    array: pa.Array[Any] | pa.ChunkedArray[Any],
    promises: Promises,
    categories: Sequence[str] = (),
) -> pl.Series:
    """The values of a column that are not missing. A text that the reference has among its
    `categories` is a value whatever it says.
    """
    values = pl.Series(array)
    present = ~find_missing(name, values, promises)
    if categories and values.dtype == pl.String:
        present |= values.is_in(categories).fill_null(value=False)
    return values.filter(present)


def edge_texts(edges: pl.Series) -> tuple[str, ...]:
    """Edges in the text form of their type."""
    return tuple(repr(e) if isinstance(e, float) else str(e) for e in edges.to_list())


@dataclass(slots=True, kw_only=True)
class _Counter:
    """One column's counts, updated block by block."""

    grid: ColumnProfile
    promises: Promises
    missing: int = 0
    failure: str | None = None
    counts: list[int] = field(default_factory=list)
    moments: tuple[int, float, float] = (0, 0.0, 0.0)
    """Count, mean and sum of squared distances from the mean, so far."""

    def add(self, array: pa.Array[Any]) -> None:
        """Count one block."""
        if self.failure is not None:
            return
        try:
            known = self.grid.categories.names if self.grid.categories else ()
            values = values_of(self.grid.column, array, self.promises, known)
            self.missing += len(array) - len(values)
            if self.grid.numbers is not None:
                self._add_numbers(values, self.grid.numbers)
            elif self.grid.categories is not None:
                self._add_categories(values, self.grid.categories)
        except CRASHES as error:  # its text may quote the data
            self.failure = f"counting it raised {type(error).__name__}"

    def profile(self) -> ColumnProfile:
        """The column's profile. After a failure it has no counts, which might look complete."""
        if self.failure is not None:
            return _skip(self.grid.column, self.grid.type, self.failure)
        profile = replace(self.grid, missing=self.missing)
        if self.grid.numbers is not None:
            mean, sd = _mean_and_sd(self.moments)
            counts = tuple(self.counts) or (0,) * (len(self.grid.numbers.edges) + 1)
            numbers = replace(self.grid.numbers, counts=counts, mean=mean, sd=sd)
            return replace(profile, numbers=numbers)
        if self.grid.categories is not None:
            counts = tuple(self.counts) or (0,) * (len(self.grid.categories.names) + 1)
            return replace(profile, categories=replace(self.grid.categories, counts=counts))
        return profile

    def _add_numbers(self, values: pl.Series, grid: Numbers) -> None:
        edges = _edges(grid.edges, values.dtype)
        places = edges.search_sorted(values, side="left")
        self._add_counts(_count_values(places), range(len(edges) + 1))
        self.moments = _pool(self.moments, values.cast(pl.Float64))

    def _add_categories(self, values: pl.Series, grid: Categories) -> None:
        others = _count_values(values.cast(pl.String))
        known = {name: others.pop(name, 0) for name in grid.names}
        self._add_counts({**known, None: sum(others.values())}, [*grid.names, None])

    def _add_counts(self, counts: Mapping[Any, int], keys: Any) -> None:
        new = [counts.get(key, 0) for key in keys]
        self.counts = [a + b for a, b in zip(self.counts or [0] * len(new), new, strict=True)]


def _count_values(values: pl.Series) -> dict[Any, int]:
    counts = values.alias("value").value_counts()
    return dict(zip(counts["value"].to_list(), counts["count"].to_list(), strict=True))


def _edges(texts: tuple[str, ...], dtype: pl.DataType) -> pl.Series:
    read: Callable[[str], object] = float if dtype.is_float() else int
    if dtype.is_decimal():
        return pl.Series(texts, dtype=pl.String).cast(dtype)
    return pl.Series([read(text) for text in texts], dtype=dtype)


def _pool(known: tuple[int, float, float], values: pl.Series) -> tuple[int, float, float]:
    """Moments of two parts together (Chan, Golub, LeVeque 1983), without cancellation."""
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


def _mean_and_sd(moments: tuple[int, float, float]) -> tuple[float | None, float | None]:
    n, mean, spread = moments
    if n == 0 or not (math.isfinite(mean) and math.isfinite(spread)):
        return None, None
    return float(f"{mean:.{DIGITS}g}"), float(f"{math.sqrt(spread / n):.{DIGITS}g}")
