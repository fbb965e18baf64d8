"""Of a column that no type holds the draft says why, and what to do."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from connectors.sql.connector import Sql
from harness.onboarding.draft_text import contract_text
from tests.connectors.crm_fixture import Database


def untyped(connector: Sql) -> str | None:
    described = connector.describe("it", emit=lambda _: None)
    column = described.columns[-1]
    assert (column.lands_as is None) == (column.untyped is not None)
    if column.untyped is not None:
        text = contract_text("it", described)
        assert f"# CONFIRM its type: {column.untyped}:\n" in text
        assert "#     have it cast to one type in a view, or leave the column out\n" in text
    return column.untyped


MANY = "its numbers need 1 digits before and 38 after the point, and 38 are the most"


@pytest.mark.parametrize(
    ("type_", "values", "why"),
    [
        ("numeric", ["1", "NaN"], "NaN or infinity is among its numbers"),
        ("numeric(5,2)", ["NaN"], "NaN or infinity is among its numbers"),
        ("float8", ["Infinity", "1"], "NaN or infinity is among its numbers"),
        ("numeric", ["1." + "1" * 38], MANY),
        ("date", ["infinity"], "a date or time in it is infinite, or of no year from 1 to 9999"),
        (
            "timestamptz",
            ["0044-03-15 BC"],
            "a date or time in it is infinite, or of no year from 1 to 9999",
        ),
        ("text", ["NaN"], None),
        ("numeric", ["1", "2.5"], None),
    ],
)
def test_postgresql(crm: Database, type_: str, values: list[str], why: str | None) -> None:
    crm.execute(
        f"create table it (id serial primary key, c {type_})",
        *(f"insert into it (c) values ('{value}')" for value in values),
        "grant select on it to reader",
    )
    assert untyped(crm.sql("it")) == why


@pytest.mark.parametrize(
    ("type_", "values", "why"),
    [
        ("any_thing", [1, "x"], "it mixes numbers and texts"),
        ("date", ["20260102", "2026-02-30"], "it mixes numbers and texts"),
        ("", [b"1", 2], "it mixes bytes and numbers"),
        ("", [b"1", 2, "x"], "it mixes bytes and numbers and texts"),
        ("real", [1.5, float("inf")], "NaN or infinity is among its numbers"),
        ("", [2**60 + 1, 0.5], "no type holds all its numbers exactly"),
        ("", [None, 2], None),
    ],
)
def test_sqlite(tmp_path: Path, type_: str, values: list[object], why: str | None) -> None:
    with closing(sqlite3.connect(tmp_path / "db")) as connection, connection:
        connection.execute(f"create table it (id integer primary key, c {type_})")
        connection.executemany("insert into it (c) values (?)", [(value,) for value in values])
    url = f"sqlite:///{tmp_path}/db"
    assert untyped(Sql(url=url, password=None, tables={"it": "it"})) == why


def test_values_that_nobody_looked_at_are_not_called_wrong(crm: Database) -> None:
    crm.execute(
        "create table it (id int primary key, n numeric)",
        "revoke select on it from reader",
        "grant select (id) on it to reader",
    )
    assert untyped(crm.sql("it")) == "its values were not looked at"
