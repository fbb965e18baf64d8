"""Another role, who may create objects where we look, runs nothing as ours and is not read.

Each attempt has its control: the same, where a transaction searches what the role was given to
search, and a table is written as the pilot wrote it. There it gets through.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import psycopg
import pytest

from connectors.errors import SourceError
from connectors.sql import names
from connectors.sql.database import Database as OurDatabase
from tests.conformance import Run, read
from tests.connectors.crm_fixture import CUSTOMERS, ROWS, Database

TOLD = "mallory runs as reader"
TELLS = """language plpgsql as $$
begin raise log 'mallory runs as %', current_user; return {}; end $$"""
PUBLIC_FIRST = "public, pg_catalog"
"""As a role may have been set up; by default, PostgreSQL's own objects come first."""


def reads(crm: Database) -> Run:
    return read(crm.sql(), "it", CUSTOMERS)


def asks_what_we_may(crm: Database) -> None:
    crm.sql().probe(emit=lambda _: None)


def describes(crm: Database) -> None:
    crm.sql().describe("it", emit=lambda _: None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """What mallory lays, and what we do meanwhile."""

    statements: tuple[str, ...]
    we: Callable[[Database], object] = reads
    path: str = '"$user", public'


def function(signature: str, returns: str, value: str) -> str:
    return f"create function {signature} returns {returns} {TELLS.format(value)}"


OF_NAMES = (
    function("public.same(a name, b varchar)", "bool", "true"),
    "create operator public.= (function = same, leftarg = name, rightarg = varchar)",
)
TRAPS = {
    "a function": Trap(
        statements=(function("public.quote_ident(it name)", "text", "it::text"),),
    ),
    "a function, asked for our rights": Trap(
        statements=(function("public.format(a text, b name, c name)", "text", "b || '.' || c"),),
        we=asks_what_we_may,
    ),
    "an operator": Trap(statements=OF_NAMES),
    "an operator, while a table is described": Trap(statements=OF_NAMES, we=describes),
    "an operator of two numbers": Trap(
        statements=(
            function("public.same(a oid, b oid)", "bool", "a operator(pg_catalog.=) b"),
            "create operator public.= (function = same, leftarg = oid, rightarg = oid)",
        ),
        path=PUBLIC_FIRST,
    ),
    "an aggregate": Trap(
        statements=(
            function("public.one_more(n bigint)", "bigint", "n + 2"),
            "create aggregate public.count(*) (sfunc = one_more, stype = bigint, initcond = 0)",
        ),
        path=PUBLIC_FIRST,
    ),
    "a type": Trap(
        statements=(
            function("public.is_text(it pg_catalog.text)", "bool", "true"),
            "create domain public.text as pg_catalog.text check (public.is_text(value))",
        ),
        path=PUBLIC_FIRST,
    ),
    "a table of the catalogue": Trap(
        statements=(
            function("public.kept(it text)", "text", "it"),
            "create view public.pg_roles as select *, public.kept('1') from pg_catalog.pg_roles",
            "grant select on public.pg_roles to reader",
        ),
        we=asks_what_we_may,
        path=PUBLIC_FIRST,
    ),
}


@pytest.fixture
def mallory(crm: Database) -> Iterator[Callable[..., None]]:
    """Another role: it may create in the schema in which our table is, and make schemas."""
    crm.execute(
        "create role mallory login",
        "grant usage, create on schema public to mallory",
        "grant create on database crm to mallory",
        "grant select on customers to mallory",
    )

    def do(*statements: str) -> None:
        with psycopg.connect(crm.dsn, autocommit=True) as connection:
            connection.execute("set session authorization mallory")
            for statement in statements:
                connection.execute(statement.encode())

    yield do
    crm.execute(
        "alter role reader reset search_path", "drop owned by mallory cascade", "drop role mallory"
    )


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it was: our role's own path, and a name as the pilot wrote it."""
    monkeypatch.setattr(names, "OWN_OBJECTS", "DEFAULT")
    monkeypatch.setattr(OurDatabase, "find", lambda _self, _connection, table, *_: table)


def told(crm: Database, trap: Trap, mallory: Callable[..., None]) -> bool:
    """Whether mallory's code ran as ours."""
    mallory(*trap.statements)
    crm.execute(f"alter role reader set search_path = {trap.path}")
    before = crm.log.read_text().count(TOLD)
    with suppress(SourceError):  # it may run and spoil the reading
        trap.we(crm)
    return crm.log.read_text().count(TOLD) > before


@pytest.mark.attempt(3)
@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS.keys())
def test_nobody_elses_code_runs_as_ours(
    crm: Database, mallory: Callable[..., None], trap: Trap
) -> None:
    assert not told(crm, trap, mallory)
    run = reads(crm)
    assert run.completed.witness is not None
    assert run.completed.witness.declared == run.completed.rows == ROWS


@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize("trap", TRAPS.values(), ids=TRAPS.keys())
def test_without_the_guard_it_does(
    crm: Database, mallory: Callable[..., None], trap: Trap
) -> None:
    assert told(crm, trap, mallory)
