"""All tables of a schema as datasets; and a missing right, as the statement that gives it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from connectors.errors import AccessDenied, SourceChanged
from connectors.sql.connector import Sql
from tests.conformance import read
from tests.connectors.crm_fixture import Database, database


@pytest.fixture(scope="module")
def server() -> Iterator[Database]:
    with database() as running:
        yield running


@pytest.fixture
def crm(server: Database) -> Database:
    """A schema that our role may look into, with tables of which it may read none but one."""
    server.execute(
        'drop schema if exists sales cascade; drop schema if exists "Old ""Sales" cascade',
        "create schema sales; grant usage on schema sales to reader",
        "create table sales.orders (id int primary key, note text)",
        "create table sales.lines (id int, at date) partition by range (at)",
        "create table sales.lines_2026 partition of sales.lines default",
        'create view sales."Tägliche Summe" as select 1 as n',
        'create view sales."Tägliche-Summe" as select 1 as n',
        'create view sales."2026" as select 1 as n',
        "grant select on sales.orders to reader",
        "alter role reader reset search_path",
    )
    return server


def of_schema(sql: Sql, schema: str) -> dict[str, str]:
    listed, named = sql.of_schema(schema, emit=lambda _: None)
    assert set(named) <= set(listed.datasets)
    return dict(named)


def test_each_table_and_view_is_a_dataset_and_no_partition(crm: Database) -> None:
    assert of_schema(crm.sql("sales.orders"), "sales") == {
        "it": "sales.orders",
        "lines": "sales.lines",
        "t_2026": "sales.2026",
        "t_gliche_summe": "sales.Tägliche Summe",
        "t_gliche_summe_2": "sales.Tägliche-Summe",
    }


def test_a_table_keeps_the_name_that_it_has_in_the_pilot(crm: Database) -> None:
    crm.execute("alter role reader set search_path = sales")
    bare = replace(crm.sql(), tables={"bookings": "orders", "gone": "gone"})
    assert of_schema(bare, "sales")["bookings"] == "sales.orders"


def test_the_tables_of_a_sqlite_file_are_in_main(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "db")) as connection:
        connection.execute("create table Orders (n)")
        connection.execute("create view some as select 1 as n")
    sql = Sql(url=f"sqlite:///{tmp_path}/db", password=None, tables={"bookings": "Orders"})
    assert of_schema(sql, "main") == {"bookings": "main.Orders", "some": "main.some"}
    with pytest.raises(SourceChanged, match="there is no schema sales: there are main"):
        of_schema(sql, "sales")


def test_a_schema_that_is_not_there_is_told_with_those_that_are(crm: Database) -> None:
    with pytest.raises(SourceChanged, match="there is no schema sale: did you mean sales"):
        of_schema(crm.sql(), "sale")
    crm.execute('create schema "Old ""Sales"', 'grant usage on schema "Old ""Sales" to reader')
    with pytest.raises(SourceChanged, match="holds no table"):
        of_schema(crm.sql(), 'Old "Sales')


def grant_in(message: str) -> str:
    (grant,) = re.findall("GRANT .*$", message)
    assert isinstance(grant, str)
    return grant


@pytest.mark.parametrize("table", ['Old "Sales.orders', "orders"])
def test_a_closed_schema_is_told_with_the_grant_that_opens_it(crm: Database, table: str) -> None:
    """A bare name is not found in a schema that is closed, whatever the role's path is."""
    crm.execute(
        "drop table sales.orders",
        'create schema "Old ""Sales"',
        'create table "Old ""Sales".orders (id int primary key)',
        'alter role reader set search_path = "Old ""Sales"',
    )
    with pytest.raises(AccessDenied, match="is closed to role reader: ask its owner") as caught:
        crm.sql(table).describe("it", emit=lambda _: None)
    with pytest.raises(AccessDenied) as schema:
        crm.sql(table).of_schema('Old "Sales', emit=lambda _: None)
    with pytest.raises(AccessDenied) as reading:
        read(crm.sql(table), "it", pa.schema([("id", pa.int32())]))
    assert grant_in(str(schema.value)) == grant_in(str(caught.value))
    assert grant_in(str(reading.value)) == grant_in(str(caught.value))
    crm.execute(grant_in(str(caught.value)))
    assert crm.sql(table).describe("it", emit=lambda _: None).key == ("id",)


def test_a_table_that_may_not_be_read_is_drafted_with_its_doubt(crm: Database) -> None:
    crm.execute("create table sales.open (id int primary key, n numeric, note text)")
    found = crm.sql("sales.open").describe("it", emit=lambda _: None)
    assert found.doubt is not None
    assert [column.lands_as is None for column in found.columns] == [False, True, False]
    crm.execute(grant_in(found.doubt))
    found = crm.sql("sales.open").describe("it", emit=lambda _: None)
    assert found.doubt is None
    assert [column.lands_as is None for column in found.columns] == [False, False, False]


def test_a_role_with_rights_on_columns_looks_at_those(crm: Database) -> None:
    crm.execute(
        "create table sales.part (id int primary key, n numeric not null, m numeric)",
        "insert into sales.part values (1, 0.0123456789012)",
        "grant select (id, n) on sales.part to reader",
    )
    found = crm.sql("sales.part").describe("it", emit=lambda _: None)
    assert [column.lands_as for column in found.columns] == [
        *(pa.int32(), pa.decimal128(38, 13), None),
    ]
    assert found.doubt is not None
    assert grant_in(found.doubt) == 'GRANT SELECT ("m") ON "sales"."part" TO "reader"'
    crm.execute(grant_in(found.doubt))
    assert crm.sql("sales.part").describe("it", emit=lambda _: None).doubt is None
