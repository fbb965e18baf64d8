"""SQLite: a table is read as of one moment, without a witness, and each value comes exactly."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from connectors.connector import RESCUED
from connectors.errors import SourceChanged, SourceUnavailable
from connectors.secrets import Secret
from connectors.sql.connector import Sql
from connectors.sql.snapshot import ROWS_PER_BATCH
from tests.conformance import read

NUMBERS = pa.schema([("n", pa.int64())])


def execute(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path / "db", timeout=0)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


def connector(path: Path) -> Sql:
    return Sql(url=f"sqlite:///{path}/db", password=None, tables={"it": "t"})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b"this is text, and no database" * 99,
            "SQLITE_NOTADB, the file is no database of SQLite",
        ),
        (b"SQLite format 3\0" + b"\xff" * 4096, "SQLITE_NOTADB, the file is no database"),
        (None, "SQLITE_CORRUPT, the file is damaged: have it written again"),
    ],
)
def test_a_file_that_cannot_be_read_is_no_server_that_is_down(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    execute(tmp_path, "create table t as select 1 as n")
    whole = (tmp_path / "db").read_bytes()
    (tmp_path / "db").write_bytes(content or whole[:4096] + b"\xff" * 4096)
    with pytest.raises(SourceChanged, match=said):
        read(connector(tmp_path), "it", NUMBERS)


@pytest.mark.parametrize("what", ["table", "view"])
def test_nothing_counts_its_rows_and_that_is_said(tmp_path: Path, what: str) -> None:
    execute(tmp_path, f"create {what} t as select 1 as n")
    completed = read(connector(tmp_path), "it", NUMBERS).completed
    assert (completed.rows, completed.witness) == (1, None)
    assert completed.unwitnessed is not None
    assert "no count was taken of the same moment" in completed.unwitnessed


def test_a_reading_is_as_of_one_moment(tmp_path: Path) -> None:
    rows = 3 * ROWS_PER_BATCH
    execute(
        tmp_path,
        "pragma journal_mode = wal",
        "create table t as with recursive r (n) as "
        f"(select 1 union all select n + 1 from r where n < {rows}) select n from r",
    )
    again = (
        "delete from t where n > 5",
        "insert into t values (-1)",
    )
    run = read(connector(tmp_path), "it", NUMBERS, after_first=lambda: execute(tmp_path, *again))
    assert run.table.column("n").to_pylist() == list(range(1, rows + 1))
    assert read(connector(tmp_path), "it", NUMBERS).table.num_rows == 6, "the control"


VALUES = {
    "whole": (f"{2**63 - 1}", pa.int64(), 2**63 - 1, None),
    "unsigned": ("7", pa.uint64(), 7, None),
    "larger": (f"{2**63}", pa.int64(), None, float(2**63)),  # SQLite itself made it a double
    "larger_unsigned": (f"{2**63}", pa.uint64(), None, float(2**63)),
    "larger_text": (f"'{2**64 - 1}'", pa.uint64(), 2**64 - 1, None),
    "decimal": ("1.1", pa.decimal128(12, 2), None, 1.1),
    "decimal_text": ("'1.10'", pa.decimal128(12, 2), 1.1, None),
    "double": ("0.1", pa.float64(), 0.1, None),
    "truth": ("1", pa.bool_(), None, 1),
    "text": ("'007'", pa.string(), "007", None),
    "number": ("7", pa.string(), None, 7),
    "bytes": ("x'00ff'", pa.binary(), b"\x00\xff", None),
    "bytes_as_text": ("x'00ff'", pa.string(), None, "b'\\x00\\xff'"),
    "endless": ("9e999", pa.float64(), None, "inf"),
}


@pytest.mark.parametrize(
    ("written", "wanted", "landed", "rescued"), VALUES.values(), ids=list(VALUES)
)
def test_each_value_comes_exactly_or_is_rescued(
    tmp_path: Path, written: str, wanted: pa.DataType, landed: object, rescued: object
) -> None:
    execute(tmp_path, "create table t (n)", f"insert into t values ({written})")
    (row,) = read(connector(tmp_path), "it", pa.schema([("n", wanted)])).table.to_pylist()
    assert (float(row["n"]) if isinstance(landed, float) else row["n"]) == landed
    assert json.loads(row[RESCUED] or '{"n": null}')["n"] == rescued


def test_text_that_is_not_utf8_is_a_finding(tmp_path: Path) -> None:
    execute(tmp_path, "create table t (n)", "insert into t values (cast(x'ff' as text))")
    with pytest.raises(SourceChanged, match="not UTF-8"):
        read(connector(tmp_path), "it", pa.schema([("n", pa.string())]))


def test_a_file_that_is_missing_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(SourceChanged, match="3D000, the database does not exist"):
        read(connector(tmp_path), "it", NUMBERS)
    assert list(tmp_path.iterdir()) == []


def test_a_file_with_an_odd_name_is_opened_to_read_alone(tmp_path: Path) -> None:
    folder = tmp_path / "odd %20?#"
    folder.mkdir()
    execute(folder, "pragma journal_mode = wal", "create table t as select 1 as n")
    sql = Sql(
        url=URL.create("sqlite", database=f"{folder}/db").render_as_string(),
        password=None,
        tables={"it": "t"},
    )
    assert read(sql, "it", NUMBERS).table.num_rows == 1
    with (
        sql._session(lambda _: None) as session,  # noqa: SLF001 - no other way to send a write
        pytest.raises(DBAPIError, match="readonly database"),
    ):
        session.exec_driver_sql("insert into t values (2)")


def test_a_database_that_another_writes_to_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    execute(tmp_path, "create table t (n)")
    with closing(sqlite3.connect(tmp_path / "db")) as writer:
        writer.execute("begin exclusive")
        with pytest.raises(SourceUnavailable, match="a lock was not given in time"):
            read(connector(tmp_path), "it", NUMBERS)


def test_a_value_of_another_type_than_its_columns_is_rescued(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "db") as connection:
        connection.execute("create table t (n integer, words text, day date)")
        rows = [(1, "a", "2026-11-20"), (2**53 + 1, None, "x"), ("one", 7, None), (1.5, "", None)]
        connection.executemany("insert into t values (?, ?, ?)", rows)
    connection.close()
    schema = pa.schema([("n", pa.int64()), ("words", pa.string()), ("day", pa.date32())])
    connector = Sql(url=f"sqlite:///{tmp_path}/db", password=None, tables={"it": "t"})
    run = read(connector, "it", schema)
    assert run.completed.witness is None
    assert run.table.drop_columns([RESCUED]).to_pylist() == [
        {"n": 1, "words": "a", "day": date(2026, 11, 20)},
        {"n": 2**53 + 1, "words": None, "day": None},
        {"n": None, "words": "7", "day": None},  # SQLite turned 7 into text itself
        {"n": None, "words": "", "day": None},
    ]
    rescued = run.table.column(RESCUED).to_pylist()
    assert rescued == [None, '{"day": "x"}', '{"n": "one"}', '{"n": 1.5}']


FILES = {
    "a table of CSV": (b"n,t\n1,2\n" * 500, "SQLITE_NOTADB, the file is no database of SQLite"),
    "nothing": (b"", "table t: 42P01, the table does not exist"),
}


@pytest.mark.parametrize(("content", "told"), FILES.values(), ids=FILES)
def test_a_file_that_is_no_database_is_told_as_what_it_is(
    tmp_path: Path, content: bytes, told: str
) -> None:
    """And not by a statement that only PostgreSQL understands."""
    (tmp_path / "db").write_bytes(content)
    with pytest.raises(SourceChanged, match=told):
        read(connector(tmp_path), "it", NUMBERS)


def test_a_password_for_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"write password=None in pilot\.py, and take"):
        replace(connector(tmp_path), password=Secret("env:SHOP_PASSWORD", "unused"))
