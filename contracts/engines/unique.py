"""Rows that share their values in some columns with another row, counted in bounded memory.

    in ascending order ─▶ 0         one comparison with the row before
    no two hashes alike ─▶ 0        equal rows have equal hashes, eight bytes a row
    else ─▶ the rows of those hashes, grouped by their values

A hash only says where to look: what is counted is equal in every value.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

PART_ROWS = 8_000_000
"""Hashes that are sorted at once, and rows that are grouped at once."""
PASS_ROWS = 64_000_000
"""Hashes in memory at once: half a gigabyte."""
_FIRST = 65_536
"""Rows that are looked at first: rows in no order show it early."""

_LOOKED_AT = 10_000
"""Hashes that are looked at for values to show."""
_PLACE = "_rescued"
"""A name that no column of a contract has."""


def count_duplicates(frame: pl.LazyFrame, columns: Sequence[str], rows: int) -> int:
    """Rows that are equal to another one in all `columns`; a row with a null in them to none."""
    keys = frame.select(columns)
    if _ascend(keys.head(_FIRST), columns, min(rows, _FIRST)) and _ascend(keys, columns, rows):
        return 0
    keys = keys.drop_nulls()
    alike = pl.concat([pl.Series(dtype=pl.UInt64), *_alike(keys, columns, rows)])
    if not len(alike):
        return 0
    values = alike.unique()
    parts = -(-len(alike) // PART_ROWS)
    return sum(
        _count(keys.filter(_hash(columns).is_in(part.implode())), columns)
        for part in _parts(values, parts)
    )


def first_duplicates(
    frame: pl.LazyFrame, columns: Sequence[str], rows: int, *, most: int
) -> list[tuple[int, ...]]:
    """The places of the first two rows of each of at most `most` values that more than one row
    has: the first such values, if so many are in the first rows.
    """
    placed = frame.select(columns).with_row_index(_PLACE).drop_nulls()
    found = _pairs(placed.head(_FIRST), columns, most)
    if len(found) == most:
        return found
    for hashes in _alike(frame.select(columns).drop_nulls(), columns, rows):
        some = hashes.unique().sort().head(_LOOKED_AT).implode()
        pairs = _pairs(placed.filter(_hash(columns).is_in(some)), columns, most)
        if len(pairs) > len(found):
            return pairs
    return found


def _pairs(placed: pl.LazyFrame, columns: Sequence[str], most: int) -> list[tuple[int, ...]]:
    firsts = placed.group_by(columns).agg(pl.col(_PLACE).bottom_k(2).sort())
    again = firsts.select(_PLACE).filter(pl.col(_PLACE).list.len() > 1)
    return [tuple(pair) for pair in sorted(_collect(again).to_series().to_list())[:most]]


def _ascend(keys: pl.LazyFrame, columns: Sequence[str], rows: int) -> bool:
    """Whether each row is above the one before, by its first column that differs. Then no two are
    equal.
    """
    above = pl.lit(value=False)
    for name in reversed(columns):
        before = pl.col(name).shift(1)
        above = (pl.col(name) > before) | ((pl.col(name) == before) & above)
    return bool(_collect(keys.select(above.sum())).item() == rows - 1)


def _hash(columns: Sequence[str]) -> pl.Expr:
    return pl.struct(columns).hash()


def _alike(keys: pl.LazyFrame, columns: Sequence[str], rows: int) -> Iterator[pl.Series]:
    """Hashes that more than one row has, once for each of those rows but the first."""
    hashes = keys.select(_hash(columns).alias("hash"))
    passes = -(-rows // PASS_ROWS)
    for n in range(passes):
        held = _collect(hashes.filter(pl.col("hash") % passes == n) if passes > 1 else hashes)
        for part in _parts(held.to_series(), -(-len(held) // PART_ROWS)):
            ordered = part.sort()
            yield ordered.filter(ordered == ordered.shift(1))


def _parts(hashes: pl.Series, parts: int) -> Iterator[pl.Series]:
    """The hashes in so many parts; equal ones are in the same part."""
    if parts <= 1:
        yield hashes
        return
    high = pl.col("hash") // (2**64 // parts + 1)  # the low bits tell one pass from another
    frame = hashes.rename("hash").to_frame().lazy()
    for n in range(parts):
        yield _collect(frame.filter(high == n)).to_series()


def _count(keys: pl.LazyFrame, columns: Sequence[str]) -> int:
    sizes = keys.group_by(columns).agg(pl.len().alias("rows")).select("rows")
    return int(_collect(sizes.select(pl.col("rows").filter(pl.col("rows") > 1).sum())).item())


def _collect(frame: pl.LazyFrame) -> pl.DataFrame:
    return frame.collect(engine="streaming")
