"""Times as INT96: each arrives exactly, is rescued, or its column is named."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from connectors.connector import RESCUED
from connectors.files.formats.parquet import Parquet
from connectors.files.formats.parquet_int96 import in_step
from tests.connectors.folder_fixture import Folder

NOON = 1_795_000_000_000_000
"""Microseconds, in 2026."""
LONG_AGO = -60_000_000_000_000_000
"""In the year 68."""
AT = pa.schema([("at", pa.timestamp("us"))])


def old(column: pa.Array, **options: object) -> bytes:
    """A file whose times are INT96."""
    file = io.BytesIO()
    table = pa.table({"at": column})
    pq.write_table(table, file, use_deprecated_int96_timestamps=True, **options)  # type: ignore[arg-type]
    return file.getvalue()


def one_nanosecond_later(file: bytes, micros: int) -> bytes:
    """The same file, uncompressed, with one of its times changed."""
    day, of_day = divmod(micros * 1_000, 86_400_000_000_000)
    written = of_day.to_bytes(8, "little") + (day + 2_440_588).to_bytes(4, "little")
    assert file.count(written) == 1
    return file.replace(written, (of_day + 1).to_bytes(8, "little") + written[8:])


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, Parquet())


def landed(folder: Folder) -> list[tuple[str | None, str | None]]:
    table = folder.read(AT).table
    text = pc.cast(table.column("at"), pa.string()).to_pylist()
    return list(zip(text, table.column(RESCUED).to_pylist(), strict=True))


def test_below_the_microsecond_a_time_is_rescued_and_the_others_arrive(folder: Folder) -> None:
    times = [NOON * 1_000 + 1, NOON * 1_000, None, -1, -1_000]
    folder.put("a.it", old(pa.array(times, pa.timestamp("ns"))))
    assert landed(folder) == [
        (None, '{"at": "2026-11-18 11:06:40.000000001"}'),
        ("2026-11-18 11:06:40.000000", None),
        (None, None),
        (None, '{"at": "1969-12-31 23:59:59.999999999"}'),
        ("1969-12-31 23:59:59.999999", None),
    ]


@pytest.mark.parametrize("micros", [LONG_AGO, 253_402_300_799_999_999], ids=["68", "9999"])
def test_years_that_nanoseconds_do_not_reach_arrive(folder: Folder, micros: int) -> None:
    folder.put("a.it", old(pa.array([micros, NOON], pa.timestamp("us"))))
    table = folder.read(AT).table
    assert table.column("at").cast(pa.int64()).to_pylist() == [micros, NOON]
    assert table.column(RESCUED).null_count == 2


@pytest.mark.parametrize("later", [LONG_AGO, NOON])
def test_what_neither_unit_holds_is_refused_by_the_columns_name(
    folder: Folder, later: int
) -> None:
    plain = {"compression": "none", "use_dictionary": False}
    file = old(pa.array([LONG_AGO, NOON], pa.timestamp("us")), **plain)
    folder.put("a.it", one_nanosecond_later(file, later))
    folder.refused(
        AT, "a.it: column 'at': it holds INT96 times finer than microseconds, and years"
    )


def test_deeper_down_nothing_is_cut_either(folder: Folder) -> None:
    value = [{"at": NOON * 1_000 + 1}]
    nested = pa.array([value, None, []], pa.list_(pa.struct([("at", pa.timestamp("ns"))])))
    folder.put("a.it", old(nested))
    table = folder.read(AT).table
    assert table.column(RESCUED).to_pylist()[0] == (
        '{"at": [{"at": "2026-11-18 11:06:40.000000001"}]}'
    )


def test_a_column_nobody_promised_keeps_its_nanoseconds(folder: Folder) -> None:
    folder.put("a.it", old(pa.array([NOON * 1_000 + 1], pa.timestamp("ns"))))
    table = folder.read(pa.schema([("other", pa.int64())])).table
    assert table.column("at").to_pylist() == ['"2026-11-18 11:06:40.000000001"']


def test_many_row_groups_and_other_columns_stay_in_step(folder: Folder) -> None:
    rows = 10_000
    times = pa.array([NOON * 1_000 + n % 7 for n in range(rows)], pa.timestamp("ns"))
    table = pa.table({"n": range(rows), "a.b": times, "at": times, "words": ["x" * 50] * rows})
    file = io.BytesIO()
    pq.write_table(table, file, use_deprecated_int96_timestamps=True, row_group_size=999)
    folder.put("a.it", file.getvalue())
    schema = pa.schema([("n", pa.int64()), *AT])
    came = folder.read(schema).table
    assert came.column("n").to_pylist() == list(range(rows))
    kept = [n for n, at in enumerate(came.column("at").to_pylist()) if at is not None]
    assert kept == list(range(0, rows, 7))
    assert came.column("a.b").to_pylist()[1] == '"2026-11-18 11:06:40.000000001"'


def test_batches_of_any_size_are_brought_in_step() -> None:
    def cut(*sizes: int) -> list[pa.RecordBatch]:
        whole, start = pa.record_batch({"n": list(range(10))}), 0
        parts = []
        for size in sizes:
            parts.append(whole.slice(start, size))
            start += size
        return parts

    pairs = list(in_step(iter(cut(3, 0, 7)), iter(cut(5, 5))))
    assert [len(left) for left, _ in pairs] == [3, 2, 5]
    assert all(left.equals(right) for left, right in pairs)


def test_microseconds_alone_are_read_as_they_are(folder: Folder) -> None:
    """The positive control: what today's files hold."""
    folder.put("a.it", old(pa.array([NOON + 1], pa.timestamp("us"))))
    table = folder.read(AT).table
    assert table.column("at").to_pylist() == [datetime(2026, 11, 18, 11, 6, 40, 1)]  # noqa: DTZ001 - INT96 has no zone
