"""Parquet of other writers: what Arrow does not know is told as what it is, and not as damage."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.connector import RESCUED
from connectors.files.formats.parquet import Parquet
from tests.connectors.files.encrypted import encrypted
from tests.connectors.folder_fixture import Folder

ONE = pa.schema([("n", pa.int64())])
SIGNATURE = 28


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, Parquet())


def written(**columns: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def test_an_encrypted_file_is_told_as_one(folder: Folder) -> None:
    folder.put("a.it", encrypted(n=[1]))
    folder.refused(ONE, r"^a\.it: it is encrypted, and nothing here holds its key: have it deliv")


@pytest.mark.parametrize("more", [0, SIGNATURE - 1, SIGNATURE, SIGNATURE + 1])
def test_a_signed_footer_is_that_of_encrypted_columns(folder: Folder, more: int) -> None:
    """Bytes behind a plain footer; the controls are no signature."""
    plain = written(n=[1])
    footer = int.from_bytes(plain[-8:-4], "little") + more
    folder.put("a.it", plain[:-8] + bytes(more) + footer.to_bytes(4, "little") + plain[-4:])
    if more == SIGNATURE:
        folder.refused(ONE, "it is encrypted, and nothing here holds its key")
    else:
        assert folder.read(ONE).table["n"].to_pylist() == [1]


@pytest.mark.parametrize("dtype", [pl.Int128, pl.UInt128])
def test_integers_of_128_bits_are_told_as_such(folder: Folder, dtype: Any) -> None:
    file = io.BytesIO()
    pl.DataFrame({"n": pl.Series([1], dtype=dtype)}).write_parquet(file)
    folder.put("a.it", file.getvalue())
    folder.refused(
        ONE, "integers of more than 64 bits, which are not read here: have them written"
    )


def test_columns_that_are_nested_too_deep_are_told_as_such(folder: Folder) -> None:
    deep: Any = 1
    for _ in range(60):
        deep = [deep]
    folder.put("a.it", written(n=[1], deep=[deep]))
    folder.refused(ONE, "nested too deep: have it written again with fewer levels")


@pytest.mark.parametrize("unit", ["us", "ns"])
def test_the_end_of_a_day_is_a_time_that_is_rescued(folder: Folder, unit: str) -> None:
    """PostgreSQL and DuckDB have 24:00:00."""
    day = 86_400 * {"us": 10**6, "ns": 10**9}[unit]
    times = pa.array([day, None, day - 1], pa.int64()).view(pa.time64(unit))
    folder.put("a.it", written(n=[1, 2, 3], at=times))
    for schema in (ONE, pa.schema([*ONE, ("at", pa.string())])):
        table = folder.read(schema).table
        told = [json.loads(one)["at"] for one in table[RESCUED].to_pylist() if one]
        told = told or [json.loads(one) for one in table["at"].to_pylist() if one]
        last = "23:59:59." + {"us": "9" * 6, "ns": "9" * 9}[unit]
        assert told == ["24:00:00." + "0" * len(last[9:]), last]


VIEWS = {
    "text": (pa.array(["7", "x"], pa.string_view()), pa.int64(), [7, None]),
    "text as text": (pa.array(["7", "x"], pa.string_view()), pa.string(), ["7", "x"]),
    "text as decimal": (pa.array(["7", "x"], pa.string_view()), pa.decimal128(9, 2), [7, None]),
    "bytes": (pa.array([b"7", b"x"], pa.binary_view()), pa.binary(), [b"7", b"x"]),
    "large bytes": (pa.array([b"7", b"x"], pa.large_binary()), pa.binary(), [b"7", b"x"]),
    "short bytes": (pa.array([b"7", b"x"], pa.binary(1)), pa.binary(), [b"7", b"x"]),
    "bytes as text": (pa.array([b"7", None], pa.large_binary()), pa.string(), [None, None]),
}


@pytest.mark.parametrize(("came", "wanted", "landed"), VIEWS.values(), ids=VIEWS)
def test_arrows_other_forms_of_text_and_bytes_are_these(
    folder: Folder, came: Any, wanted: Any, landed: list[object]
) -> None:
    """polars writes them."""
    folder.put("a.it", written(c=came))
    table = folder.read(pa.schema([("c", wanted)])).table
    assert table["c"].to_pylist() == landed
    lost = [value for value, fits in zip(came.to_pylist(), landed, strict=True) if fits is None]
    rescued = [json.loads(one)["c"] for one in table[RESCUED].to_pylist() if one]
    assert rescued == [str(value) for value in lost if value is not None]


def test_fields_of_one_name_are_all_kept(folder: Folder) -> None:
    twice = pa.StructArray.from_arrays([pa.array([1]), pa.array([2])], ["a", "a"])
    none = pa.array([{"d": None}], pa.struct([("d", pa.date32())]))
    folder.put("a.it", written(n=[1], twice=twice, none=none))
    (row,) = folder.read(ONE).table.to_pylist()
    assert (row["twice"], row["none"]) == ('[["a", 1], ["a", 2]]', '{"d": null}')


TIMES = {
    "a zone that nobody knows": pa.timestamp("us", "Mars/Phobos"),
    "years beyond the calendar": pa.timestamp("s"),
    "times that are none": pa.time64("us"),
}


@pytest.mark.parametrize("held", TIMES.values(), ids=TIMES)
def test_odd_times_are_described_and_name_a_row(folder: Folder, held: Any) -> None:
    folder.put("a.it", written(at=pa.array([2**50, 86_400_000_000], pa.int64()).view(held)))
    described = folder.files.describe("it", emit=print)
    assert described.key == ("at",)
