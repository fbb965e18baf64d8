"""Another role, who may create objects beside a ledger or a storage, runs nothing as its user.

Each attempt has its control, without the guard: there it gets through.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import pytest
from dagster_postgres import PostgresRunStorage
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from connectors.secrets import Secret
from connectors.sql import names
from harness.dagster import storage
from harness.errors import ConfigurationError
from harness.ledger import rights
from harness.ledger.ledger import open_ledger
from harness.ledger.tables import METADATA
from tests.harness.ledger_server import REFERENCE, Database
from tests.harness.test_ledger import write

TOLD = "mallory runs as writer"
TELLS = """language plpgsql as $$
begin raise log 'mallory runs as %', current_user; return {}; end $$"""


def function(signature: str, returns: str, value: str) -> str:
    return f"create function {signature} returns {returns} {TELLS.format(value)}"


def operator(left: str, right: str) -> tuple[str, ...]:
    value = "a::text operator(pg_catalog.=) b::text"
    return (
        function(f"public.same(a {left}, b {right})", "bool", value),
        f"create operator public.= (function = same, leftarg = {left}, rightarg = {right})",
    )


TRAPS = {
    "an operator on settings": operator("text", "varchar"),
    "an operator on runs": operator("varchar", "varchar"),
    "a function": (
        function(
            "public.hashtextextended(it varchar, seed int)",
            "bigint",
            "pg_catalog.hashtextextended(it, 0)",
        ),
    ),
}
PLANTED = (
    "set search_path = public",
    *(str(CreateTable(it).compile(dialect=postgresql.dialect())) for it in METADATA.sorted_tables),
    "grant all on all tables in schema public to public",
    function("public.note()", "trigger", "new"),
    "create trigger note before insert on public.entries for each row execute function note()",
)


@pytest.fixture
def shared(database: Database) -> Iterator[Database]:
    """mallory may create in the schema public, as everybody could before PostgreSQL 15."""
    database.ask("drop role if exists mallory")
    database.ask("create role mallory login")
    database.ask("grant usage, create on schema public to mallory")
    yield database
    database.ask("drop owned by mallory cascade")
    database.ask("drop role mallory")


def lay(shared: Database, *statements: str) -> None:
    shared.ask("; ".join(["set session authorization mallory", *statements]))


def told(shared: Database) -> int:
    """How often mallory's code ran as our user."""
    return shared.log.read_text().count(TOLD)


def used(shared: Database) -> int:
    """How often it did while a ledger was made, written and read."""
    before = told(shared)
    with suppress(ConfigurationError), open_ledger(shared.place) as ledger:
        write(ledger, "r1", 2)
        list(ledger.entries())
    return told(shared) - before


@pytest.mark.attempt(3)
@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS.keys())
def test_nobody_elses_code_writes_a_ledger(shared: Database, trap: tuple[str, ...]) -> None:
    lay(shared, *trap)
    assert not used(shared)
    assert shared.ask("select count(*) from entries") == [(3,)]


@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS.keys())
def test_without_the_guard_it_does(
    shared: Database, trap: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "OWN_OBJECTS", "DEFAULT")
    lay(shared, *trap)
    assert used(shared)


@pytest.mark.attempt(3)
def test_tables_that_wait_for_a_ledger_are_refused_with_their_owner(shared: Database) -> None:
    lay(shared, *PLANTED)
    with pytest.raises(ConfigurationError) as caught, open_ledger(shared.place):
        pass
    assert str(caught.value) == (
        f"ledger {REFERENCE}: its table checkpoints is owned by mallory, who owns neither "
        "this user's tables nor the schema public: name another schema"
    )
    assert not used(shared)


def test_without_that_guard_a_trigger_runs_as_ours(
    shared: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rights, "check_owners", lambda *_: None)
    lay(shared, *PLANTED)
    assert used(shared)


RECORDS = "?options=-csearch_path%3Drecords"


def records(shared: Database) -> Secret:
    shared.ask("create schema records authorization writer")
    return Secret(REFERENCE, shared.url + RECORDS)


def served(shared: Database, url: str) -> int:
    """How often mallory's code ran as ours while Dagster used its storage."""
    before = told(shared)
    kept = PostgresRunStorage(url, should_autocreate_tables=True)
    kept.has_run("a run")
    kept.dispose()
    return told(shared) - before


@pytest.mark.attempt(3)
def test_dagster_finds_nothing_but_its_own_schema(shared: Database) -> None:
    lay(shared, *TRAPS["an operator on runs"])
    locked = storage.lock_storage(records(shared))
    try:
        assert not served(shared, locked.url)
    finally:
        locked.session.dispose()
    assert ("alembic_version",) in shared.ask(
        "select relname from pg_class where relnamespace = 'records'::regnamespace"
    )


def test_with_another_path_it_finds_others(shared: Database) -> None:
    lay(shared, *TRAPS["an operator on runs"])
    records(shared)
    assert served(shared, f"{shared.url}{RECORDS},public")


@pytest.mark.attempt(3)
@pytest.mark.parametrize(
    ("before", "says"),
    [
        ("select 1", "mallory may create objects in its schema public"),
        ("grant create on schema public to public", "PUBLIC may create objects in its schema"),
    ],
)
def test_a_schema_in_which_others_may_create_is_refused(
    shared: Database, before: str, says: str
) -> None:
    shared.ask(before)
    with pytest.raises(ConfigurationError, match=says) as caught:
        storage.lock_storage(shared.place)
    assert "REVOKE CREATE, or name a schema of its own by ?options=" in str(caught.value)


@pytest.mark.attempt(3)
def test_a_schema_in_which_others_own_objects_is_refused(shared: Database) -> None:
    """They were made before the right to make them was taken."""
    lay(shared, *TRAPS["a function"])
    shared.ask("revoke create on schema public from mallory")
    with pytest.raises(ConfigurationError, match="mallory owns objects in its schema public"):
        storage.lock_storage(shared.place)


def test_a_schema_of_our_own_is_taken_whatever_its_name(shared: Database) -> None:
    """The control of what is refused; a name may need quotes, and a blank an escape."""
    shared.ask('create schema "Büro, ""1""" authorization writer')
    shared.ask('alter role writer set search_path = "Büro, ""1"""')
    try:
        locked = storage.lock_storage(shared.place)
        locked.session.dispose()
        served(shared, locked.url)
    finally:
        shared.ask("alter role writer reset search_path")
    assert shared.ask(
        "select count(*) from pg_class where relname = 'runs'"
        ' and relnamespace = \'"Büro, ""1"""\'::regnamespace'
    ) == [(1,)]
