"""A draft says a column's type in its source's own words, and a domain has its digits."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow as pa

from connectors.sql.connector import Sql
from tests.connectors.crm_fixture import Database


def columns(connector: Sql) -> dict[str, tuple[str, pa.DataType | None]]:
    described = connector.describe("it", emit=lambda _: None)
    return {column.name: (column.type, column.lands_as) for column in described.columns}


def test_postgresql(crm: Database) -> None:
    crm.execute(
        "create domain cents as numeric(5,2)",
        "create domain price as cents",
        "create domain tens as numeric(5,-1)",
        "create domain any_number as numeric",
        "create type mood as enum ('glad', 'sad')",
        "create table it (a cents, b price, c tens, d any_number, e name, f point, g varchar(3), "
        "h numeric(5,2)[], i mood, j timestamptz(3))",
        "grant select on it to reader",
    )
    text = pa.string()
    assert columns(crm.sql("it")) == {
        "a": ("public.cents (numeric(5,2))", pa.decimal128(5, 2)),
        "b": ("public.price (numeric(5,2))", pa.decimal128(5, 2)),
        "c": ("public.tens (numeric(5,-1))", pa.decimal128(6, 0)),
        "d": ("public.any_number (numeric)", pa.decimal128(38, 9)),
        "e": ("name", text),
        "f": ("point", text),
        "g": ("character varying(3)", text),
        "h": ("numeric(5,2)[]", text),
        "i": ("mood (glad, sad)", text),
        "j": ("timestamp(3) with time zone", pa.timestamp("us", "UTC")),
    }


def test_sqlite(tmp_path: Path) -> None:
    """As the table was written, in a view as well; a computed column has no type."""
    with closing(sqlite3.connect(tmp_path / "db")) as connection, connection:
        connection.execute("create table t (a uuid, b double precision, c TINYINT, d)")
        connection.execute("create view it as select *, a || c as e from t")
    found = columns(Sql(url=f"sqlite:///{tmp_path}/db", password=None, tables={"it": "t"}))
    told = {"a": "uuid", "b": "double precision", "c": "TINYINT", "d": "no declared type"}
    assert {name: type_ for name, (type_, _) in found.items()} == told
    for view in ("it", "main.it"):
        found = columns(Sql(url=f"sqlite:///{tmp_path}/db", password=None, tables={"it": view}))
        assert {name: type_ for name, (type_, _) in found.items()} == {
            **told,
            "e": "no declared type",
        }
