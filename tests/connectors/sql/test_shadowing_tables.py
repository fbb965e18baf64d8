"""A table of another role's, with the name of ours, is not read in its place.

Each attempt has its control: without the guard, the other's ten rows come, with a witness.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pytest

from connectors.capabilities import in_one_session
from connectors.errors import SourceChanged
from connectors.events import Declared
from connectors.sql import names
from connectors.sql.database import Database as OurDatabase
from tests.conformance import Run, read
from tests.connectors.crm_fixture import CUSTOMERS, ROWS, Database

FEW = "select * from public.customers where customer_key <= 10"
AT_LOG_IN = """
create function public.left_over() returns event_trigger language plpgsql as $$
begin if session_user = 'reader' then {} end if; end $$
"""
"""What another client of the same role may have left in a pooler's session."""


@pytest.fixture
def schema(crm: Database) -> Iterator[str]:
    """With the name of our role, as mallory may make it: it comes first on the path."""
    crm.execute(
        "create role mallory",
        "create schema reader authorization mallory",
        "set role mallory",
        "grant usage on schema reader to reader",
    )
    yield "reader"
    crm.execute("drop schema reader cascade", "drop role mallory")


@pytest.fixture
def left_over(crm: Database, request: pytest.FixtureRequest) -> Iterator[Database]:
    crm.execute(
        "create schema theirs",
        f"create table theirs.customers as {FEW}",
        "grant usage on schema theirs to reader",
        "grant select on theirs.customers to reader",
        "grant temporary on database crm to reader",
        AT_LOG_IN.format(request.param),
        "create event trigger left_over on login execute function public.left_over()",
    )
    yield crm
    crm.execute(
        "drop event trigger left_over",
        "drop schema theirs cascade",
        "revoke temporary on database crm from reader",
    )


def unguard(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """As it was: the session searches a path, for a name as the pilot wrote it."""
    monkeypatch.setattr(names, "OWN_OBJECTS", path)
    monkeypatch.setattr(OurDatabase, "find", lambda _self, _connection, table, *_: table)


def lay(crm: Database, schema: str) -> None:
    crm.execute(
        f"create table {schema}.customers as {FEW}",
        f"alter table {schema}.customers owner to mallory",
        f"grant select on {schema}.customers to reader",
    )


def counted(run: Run) -> tuple[int, int | None]:
    witness = run.completed.witness
    return run.completed.rows, None if witness is None else witness.declared


@pytest.mark.attempt(3)
def test_a_bare_name_that_two_schemas_hold_is_refused_with_what_to_write(
    crm: Database, schema: str
) -> None:
    lay(crm, schema)
    with pytest.raises(SourceChanged) as caught:
        read(crm.sql(), "it", CUSTOMERS)
    assert str(caught.value) == (
        "table customers is in the schemas reader, public: "
        "write the one that is meant, as reader.customers"
    )


def test_without_the_guard_the_others_rows_are_counted(
    crm: Database, schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unguard(monkeypatch, "DEFAULT")
    lay(crm, schema)
    assert counted(read(crm.sql(), "it", CUSTOMERS)) == (10, 10)


def test_the_table_that_is_written_with_its_schema_is_read(crm: Database, schema: str) -> None:
    lay(crm, schema)
    assert counted(read(crm.sql("public.customers"), "it", CUSTOMERS)) == (ROWS, ROWS)


@pytest.mark.attempt(3)
def test_a_table_that_comes_later_does_not_take_its_place(crm: Database, schema: str) -> None:
    """It is looked up once for all readings."""
    with in_one_session(crm.sql()) as connector:
        read(connector, "it", CUSTOMERS)
        lay(crm, schema)
        assert counted(read(connector, "it", CUSTOMERS)) == (ROWS, ROWS)


def test_another_dataset_is_read_beside_one_that_is_refused(crm: Database, schema: str) -> None:
    lay(crm, schema)
    crm.execute(f"create table others as {FEW}")
    connector = crm.sql(tables={"it": "others", "other": "customers"})
    assert counted(read(connector, "it", CUSTOMERS)) == (10, 10)


LEFT = {
    "a path": "perform pg_catalog.set_config('search_path', 'theirs', false);",
    "a temporary table": f"create temporary table customers as {FEW};",
}


@pytest.mark.attempt(3)
@pytest.mark.parametrize("left_over", LEFT.values(), ids=LEFT.keys(), indirect=True)
def test_what_another_client_left_in_a_poolers_session_is_not_read(left_over: Database) -> None:
    assert counted(read(left_over.sql(), "it", CUSTOMERS)) == (ROWS, ROWS)


@pytest.mark.parametrize("left_over", LEFT.values(), ids=LEFT.keys(), indirect=True)
def test_without_the_guard_it_is(left_over: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    unguard(monkeypatch, "theirs, public")
    assert read(left_over.sql(), "it", CUSTOMERS).completed.rows == 10


@pytest.mark.parametrize("path", ["sales", "nowhere, sales, public", '"$user", sales'])
def test_a_bare_name_is_found_where_the_role_looks_for_it(crm: Database, path: str) -> None:
    """So a pilot from before, whose table is in no schema public, reads on."""
    crm.execute(
        "create schema sales",
        "alter table customers set schema sales",
        "grant usage on schema sales to reader",
        f"alter role reader set search_path = {path}",
    )
    try:
        assert counted(read(crm.sql(), "it", CUSTOMERS)) == (ROWS, ROWS)
        assert crm.sql().locate("it") == "customers"
    finally:
        crm.execute("alter role reader reset search_path", "drop schema sales cascade")


def test_types_are_told_as_they_were(crm: Database) -> None:
    """What was approved of a schema is compared by these words."""
    crm.execute(
        "create schema other",
        "create type mood as enum ('good', 'bad')",
        "create type other.mood as enum ('so', 'so so')",
        "create domain odd as int check (value % 2 = 1)",
        'create collation german from "C"',
        "create table typed (a mood, b other.mood, c odd, d mood[], e text collate german)",
        "grant usage on schema other to reader",
    )
    try:
        (declared,) = read(crm.sql("typed"), "it", pa.schema([("a", pa.string())])).of(Declared)
        described = crm.sql("typed").describe("it", emit=lambda _: None)
    finally:
        crm.execute("drop schema other cascade")
    assert [column.type for column in declared.columns] == [
        "mood (good, bad)",
        "other.mood (so, so so)",
        "odd (integer)",
        "mood[]",
        "text collate german",
    ]
    assert [column.labels for column in declared.columns] == [
        ("good", "bad"),
        ("so", "so so"),
        None,
        ("good", "bad"),
        None,
    ]
    assert described.what == "table typed"
