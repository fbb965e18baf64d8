"""Chooses the grid of a reference: which columns are compared, on which edges and categories."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.arrow_schema import arrow_schema
from contracts.evaluation import Categories, ColumnProfile, Numbers, Profile
from contracts.profile import edge_texts, values_of
from contracts.promises import Contract, Promises

BINS = 64
"""Bins of about equal counts. A distance measured at the edges is too small by 1/64 at most."""
MOST_CATEGORIES = 50
LONGEST_CATEGORY = 100
"""Characters. Longer text is prose, no code or segment, and may be about people."""


def grid(contract: Contract, path: Path, *, dataset: str) -> Profile:
    """Choose the grid from a file that landed under `contract`. All counts are 0."""
    unsketched = _exclude_changing(contract)
    columns = []
    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        present = file.schema_arrow.names
        for wanted in arrow_schema(contract.schema):
            name = wanted.name
            if (why := unsketched.get(name)) is None and name in present:
                columns.append(_choose(wanted, file.read([name]).column(0), contract.promises))
            else:
                kind = str(wanted.type)
                columns.append(ColumnProfile(column=name, type=kind, missing=None, skipped=why))
    return Profile(dataset=dataset, rows=0, columns=tuple(columns))


def _exclude_changing(contract: Contract) -> dict[str, str]:
    """Columns whose values change every night even if the source is stable, each with why."""
    promises = contract.promises
    ours = [one.ours for one in promises.reconciles]
    reasons = dict.fromkeys(ours, "it names rows of another dataset")
    if promises.event_time is not None:
        reasons[promises.event_time] = "the event time moves on"
    return {**reasons, **dict.fromkeys(promises.key, "part of the key")}


def _choose(
    wanted: pa.Field[Any], column: pa.ChunkedArray[Any], promises: Promises
) -> ColumnProfile:
    name, kind = wanted.name, wanted.type
    numbers = categories = skipped = None
    values = values_of(name, column, promises)
    if pa.types.is_temporal(kind) or pa.types.is_binary(kind):
        skipped = "times are not compared" if pa.types.is_temporal(kind) else "bytes, no text"
    elif values.is_empty():
        skipped = "without a value in the file"
    elif values.dtype.is_numeric():
        edges = edges_of(values)
        numbers = Numbers(edges=edges, counts=(0,) * (len(edges) + 1), mean=None, sd=None)
    elif (names := _categories(values.cast(pl.String))) is not None:
        categories = Categories(names=names, counts=(0,) * (len(names) + 1))
    else:
        skipped = f"free text: over {MOST_CATEGORIES} values, or long or rare ones"
    return ColumnProfile(
        column=name,
        type=str(kind),
        missing=None,
        numbers=numbers,
        categories=categories,
        skipped=skipped,
    )


def edges_of(values: pl.Series) -> tuple[str, ...]:
    """All values if there are at most `BINS`; otherwise quantiles, without the extremes."""
    ranked = values.sort()
    distinct = ranked.unique(maintain_order=True)
    if len(distinct) > BINS:
        places = [k * len(ranked) // BINS for k in range(1, BINS)]
        distinct = ranked.gather(places).unique(maintain_order=True)
    return edge_texts(distinct)


def _categories(values: pl.Series) -> tuple[str, ...] | None:
    """All values, or None if they are no categories. Each must occur ten times on average;
    otherwise a short file of names would be stored name by name.
    """
    names = values.unique().sort()
    longest = names.str.len_chars().max()
    if len(names) > min(MOST_CATEGORIES, len(values) // 10):
        return None
    assert isinstance(longest, int)
    return None if longest > LONGEST_CATEGORY else tuple(names.to_list())
