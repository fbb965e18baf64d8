"""Duplicates are those of a plain loop over the rows, in any order, type and number of parts."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.engines import unique
from contracts.engines.one_pass import scan
from contracts.engines.unique import count_duplicates

VALUES: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "whole": (pa.int64(), st.integers(-3, 3) | st.sampled_from([2**63 - 1, -(2**63)])),
    "small": (pa.uint8(), st.integers(0, 3)),
    "float": (pa.float64(), st.sampled_from([0.0, -0.0, 1.5, float("inf"), 5e-324])),
    "text": (pa.string(), st.sampled_from(["", "a", "b", "ab", "é", "e\u0301", "a\0", "x" * 40])),
    "decimal": (pa.decimal128(12, 2), st.sampled_from([Decimal("0.10"), Decimal("-1.00")])),
    "date": (pa.date32(), st.dates(date(2026, 1, 1), date(2026, 1, 4))),
    "boolean": (pa.bool_(), st.booleans()),
    "bytes": (pa.binary(), st.sampled_from([b"", b"\xff", b"\0"])),
}


def expected(rows: Sequence[tuple[Any, ...]]) -> int:
    whole = Counter(key for key in rows if None not in key)
    return sum(n for n in whole.values() if n > 1)


def counted(rows: Sequence[tuple[Any, ...]], types: Sequence[pa.DataType], group: int) -> int:
    names = [f"c{n}" for n in range(len(types))]
    columns = [pa.array([key[n] for key in rows], kind) for n, kind in enumerate(types)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "landed.parquet"
        pq.write_table(pa.Table.from_arrays(columns, names), path, row_group_size=group)
        return count_duplicates(scan(path), names, len(rows))


@pytest.fixture(params=[(8_000_000, 64_000_000), (3, 5), (1, 1)], ids=["one", "few", "each"])
def parts(request, monkeypatch):
    monkeypatch.setattr(unique, "PART_ROWS", request.param[0])
    monkeypatch.setattr(unique, "PASS_ROWS", request.param[1])
    monkeypatch.setattr(unique, "_FIRST", request.param[0])


@pytest.mark.usefixtures("parts")
@pytest.mark.parametrize("kinds", [["whole"], ["text"], ["float"], *pairwise(VALUES)])
@given(st.data(), st.integers(1, 4), st.booleans())
def test_duplicates_are_those_of_a_plain_loop(kinds, data, group, is_sorted):
    columns = [st.none() | VALUES[kind][1] for kind in kinds]
    rows = data.draw(st.lists(st.tuples(*columns), min_size=1, max_size=9))
    if is_sorted:
        rows = sorted(set(rows) - {key for key in rows if None in key}) or rows
    types = [VALUES[kind][0] for kind in kinds]
    assert counted(rows, types, group) == expected(rows)


@pytest.mark.parametrize("place", [0, 1, 99_998, 100_000, 131_071, 131_072, 262_143, 299_998])
def test_two_equal_rows_side_by_side_are_seen_wherever_a_block_ends(place):
    keys = [(n - 1 if n == place + 1 else n, 1) for n in range(300_000)]
    assert counted(keys, [pa.int64(), pa.int32()], 65_536) == 2


def test_rows_in_ascending_order_are_not_hashed(monkeypatch):
    monkeypatch.setattr(unique, "_alike", None)
    rows = [(n // 7, n % 7) for n in range(200_000)]
    assert counted(rows, [pa.int64(), pa.int32()], 65_536) == 0


def test_equal_hashes_are_no_equal_rows(monkeypatch):
    """They only say where to look."""
    monkeypatch.setattr(unique, "_hash", lambda _: pl.lit(7, dtype=pl.UInt64) + pl.col("c0") * 0)
    rows = [(5,), (1,), (3,), (1,)]
    assert counted(rows, [pa.uint64()], 2) == 2
