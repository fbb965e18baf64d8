"""Each file has columns of its own: what fits the contract is read, and none ends the others."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from connectors.connector import DELIVERY, RESCUED
from connectors.events import Declared
from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats import Format
from connectors.files.formats.csv import Csv
from connectors.files.formats.jsonl import JsonLines
from connectors.files.formats.parquet import Parquet
from connectors.files.stores import Store
from connectors.files.stores.local import Local
from tests.conformance import Run, read
from tests.connectors.bucket_fixture import bucket
from tests.connectors.drop_fixture import drop

Place = tuple[Store, Path]
WANTED = pa.schema([("key", pa.int64()), ("town", pa.string())])


def csv(table: pa.Table) -> bytes:
    rows = [[*table.column_names], *(list(row.values()) for row in table.to_pylist())]
    text = [",".join("" if one is None else str(one) for one in row) for row in rows]
    return "\n".join([*text, ""]).encode()


def jsonl(table: pa.Table) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in table.to_pylist()).encode()


def parquet(table: pa.Table) -> bytes:
    pq.write_table(table, into := io.BytesIO())
    return into.getvalue()


FORMATS: dict[str, tuple[Format, Callable[[pa.Table], bytes]]] = {
    "csv": (Csv(), csv),
    "jsonl": (JsonLines(), jsonl),
    "parquet": (Parquet(), parquet),
}


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Store, Path]]]:
    folder = tmp_path_factory.mktemp("local")
    with drop() as sftp, bucket() as s3:
        yield {
            "local": (Local(folder), folder),
            "sftp": (sftp.store(), sftp.folder.parent),
            "s3": (s3.s3(), s3.root),
        }


@pytest.fixture(params=["local", "sftp", "s3"])
def place(request: pytest.FixtureRequest, stores: dict[str, tuple[Store, Path]]) -> Place:
    return stores[request.param]


def deliver(place: Place, written: str, *tables: pa.Table) -> Files:
    """The tables as files, in this order, in a folder of their own."""
    store, root = place
    format_, write = FORMATS[written]
    folder = root / f"set-{len(list(root.iterdir()))}"
    folder.mkdir()
    for number, table in enumerate(tables, 1):
        (folder / f"{number}.it").write_bytes(write(table))
    return Files(store=store, datasets={"it": FileSet(f"{folder.name}/*.it", format_)})


def rows(run: Run) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.items() if k != DELIVERY} for row in run.table.to_pylist()]


def columns(run: Run) -> list[list[str]]:
    """The names that each declaration told."""
    return [[column.name for column in declared.columns] for declared in run.of(Declared)]


PLAIN = pa.table({"key": [1], "town": ["Bonn"]})
MORE = pa.table({"key": [2], "town": ["Oslo"], "more": [7]})
LESS = pa.table({"key": [3]})
TURNED = pa.table({"town": ["Rome"], "key": [4]})


@pytest.mark.parametrize("written", FORMATS)
def test_a_column_that_came_to_stay_lands_as_text(place: Place, written: str) -> None:
    run = read(deliver(place, written, PLAIN, MORE), "it", WANTED)
    assert rows(run) == [
        {"key": 1, "town": "Bonn", "more": None, RESCUED: None},
        {"key": 2, "town": "Oslo", "more": "7", RESCUED: None},
    ]
    assert columns(run) == [["key", "town"], ["key", "town", "more"]]
    assert run.completed.rows == 2


@pytest.mark.parametrize("written", FORMATS)
def test_a_column_of_one_file_between_others_is_rescued_whole(place: Place, written: str) -> None:
    """A missing value in it as well, so that each row of the file counts."""
    odd = pa.table({"key": [2, 5], "town": ["Oslo", "Lima"], "more": [7, None]})
    run = read(deliver(place, written, PLAIN, odd, TURNED), "it", WANTED)
    seven = '"7"' if written == "csv" else "7"
    assert [row[RESCUED] for row in rows(run)] == [
        None,
        f'{{"more": {seven}}}',
        '{"more": null}',
        None,
    ]
    assert [row["key"] for row in rows(run)] == [1, 2, 5, 4]
    assert columns(run)[:2] == [["key", "town"], ["key", "town", "more"]]


@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_column_that_one_file_lacks_is_missing_in_its_rows(
    place: Place, written: str, at: int
) -> None:
    tables = [PLAIN, TURNED]
    tables.insert(at, LESS)
    run = read(deliver(place, written, *tables), "it", WANTED)
    assert run.schema is not None
    assert run.schema.names == ["key", "town", DELIVERY, RESCUED]
    lacking = [row for row in rows(run) if row["key"] == 3]
    assert lacking == [{"key": 3, "town": None, RESCUED: None}]
    assert sorted(row["key"] for row in rows(run)) == [1, 3, 4]


@pytest.mark.parametrize("written", FORMATS)
def test_a_column_that_no_file_has_is_not_there(place: Place, written: str) -> None:
    asked = WANTED.append(pa.field("ghost", pa.int64()))
    run = read(deliver(place, written, PLAIN, MORE), "it", asked)
    assert run.schema is not None
    assert "ghost" not in run.schema.names


def test_equal_files_are_declared_once(place: Place) -> None:
    for written in FORMATS:
        run = read(deliver(place, written, PLAIN, TURNED, PLAIN), "it", WANTED)
        assert len(columns(run)) == 1


def of_type(values: list[Any], type_: pa.DataType) -> pa.Table:
    return pa.table({"it": pa.array(values, type_)})


NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FINER = NOON.replace(microsecond=1_500)
TYPES = {
    "int32 for int64": (pa.int64(), of_type([7], pa.int32()), [7], [None]),
    "int64 for double": (
        pa.float64(),
        of_type([7, 2**53 + 1], pa.int64()),
        [7.0, None],
        [None, '{"it": 9007199254740993}'],
    ),
    "ms for us": (
        pa.timestamp("us", "UTC"),
        of_type([NOON], pa.timestamp("ms", "UTC")),
        [NOON],
        [None],
    ),
    "us for ms": (
        pa.timestamp("ms", "UTC"),
        of_type([NOON, FINER], pa.timestamp("us", "UTC")),
        [NOON, None],
        [None, '{"it": "2026-11-20 12:00:00.001500Z"}'],
    ),
    "all null": (pa.int64(), of_type([None, None], pa.null()), [None, None], [None, None]),
}


@pytest.mark.parametrize("case", TYPES)
def test_a_type_of_one_file_is_read_where_it_is_exact(place: Place, case: str) -> None:
    wanted, other, landed, rescued = TYPES[case]
    usual = pa.table({"it": pa.array([], wanted)})
    for tables in ([usual, other], [other, usual], [usual, other, usual]):
        run = read(deliver(place, "parquet", *tables), "it", pa.schema([("it", wanted)]))
        assert run.table.schema.field("it").type == wanted
        assert run.table["it"].to_pylist() == landed
        assert run.table[RESCUED].to_pylist() == rescued


def test_a_type_that_a_file_flips_is_told_with_it_and_an_all_null_one_is_not(
    place: Place,
) -> None:
    """A column of the type null says nothing of it: it is then that of the files before."""
    usual, null = of_type([1], pa.int64()), of_type([None], pa.null())
    wanted = pa.schema([("it", pa.int64())])
    assert len(columns(read(deliver(place, "parquet", usual, null), "it", wanted))) == 1
    run = read(deliver(place, "parquet", usual, of_type([1], pa.int32()), usual), "it", wanted)
    assert [one.columns[0].type for one in run.of(Declared)] == ["int64", "int32", "int64"]
