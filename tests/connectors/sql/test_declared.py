"""A table's columns are asked for without its rows, and in few statements, by the server's log."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pyarrow as pa
import pytest

from connectors.capabilities import in_one_session
from connectors.errors import SourceChanged, SourceError
from connectors.events import Answered, Authenticated, Declared, Event
from connectors.sql.connector import Sql
from tests.connectors.crm_fixture import Database

MOST = 5
ODD = (
    "create schema sales",
    "create type mood as enum ('good', 'bad')",
    "create domain sales.code as varchar(3) not null",
    """create table sales."Odd.Name" (b int, a mood[], c sales.code, d numeric(9, 2) not null,
       primary key (d, b))""",
    'create view sales.seen as select d, c from sales."Odd.Name"',
    'create table sales.plain (a text collate "C", b varchar(15), c int not null)',
    "grant usage on schema sales to reader",
    "grant select on all tables in schema sales to reader",
)
TABLES = {"customers": "customers", "seen": "sales.seen", "plain": "sales.plain"}


@pytest.fixture
def odd(crm: Database) -> Iterator[Database]:
    crm.execute(*ODD, "alter role reader set log_statement = 'all'")
    yield crm
    crm.execute(
        "alter role reader reset log_statement",
        "drop schema sales cascade",
        "drop type mood",
    )


def statements(database: Database, begun: int) -> list[str]:
    """What the server has logged since, of our role's: those that are questions."""
    log = database.log.read_text()[begun:]
    said = re.findall(r"LOG:  (?:statement|execute [^:]*): (.*?)(?=\n\d{4}-|\Z)", log, re.DOTALL)
    return [
        one for one in said if re.match(r"\s*(SELECT|WITH|COPY|TABLE|LOCK)\b", one, re.IGNORECASE)
    ]


def declare(sql: Sql, names: Mapping[str, str]) -> tuple[dict[str, Declared], list[Event]]:
    events: list[Event] = []
    with in_one_session(sql) as session:
        assert isinstance(session, Sql)
        return {name: session.declare(name, emit=events.append) for name in names}, events


def test_it_declares_what_a_reading_declares(odd: Database) -> None:
    """So that a night of the one kind is comparable with one of the other."""
    sql = odd.sql(tables=TABLES)
    declared, _ = declare(sql, TABLES)
    for name in TABLES:
        events: list[Event] = []
        schema = pa.schema([(declared[name].columns[0].name, pa.string())])
        sql.read(name, schema=schema, emit=events.append).read_all()
        assert [event for event in events if isinstance(event, Declared)] == [declared[name]]


@pytest.mark.parametrize("tables", [TABLES, {"one": "sales.plain"}, {"one": "customers"}])
def test_the_servers_log_has_five_statements_a_table_at_most(
    odd: Database, tables: Mapping[str, str]
) -> None:
    """And none of them names a table of the owner's. The connector's own count is no smaller."""
    begun = len(odd.log.read_text())
    _, events = declare(odd.sql(tables=tables), tables)
    said = statements(odd, begun)
    counted = sum(isinstance(event, Answered) for event in events)
    assert 0 < len(said) <= MOST * len(tables)
    assert counted <= MOST * len(tables)
    assert not [one for one in said if re.search(r"from\s+(sales|customers)", one, re.IGNORECASE)]
    assert sum(isinstance(event, Authenticated) for event in events) == 1


def test_a_table_that_is_gone_is_told_by_name_and_the_others_are_declared(odd: Database) -> None:
    sql = odd.sql(tables={**TABLES, "gone": "sales.gone", "away": "away"})
    with in_one_session(sql) as session:
        assert isinstance(session, Sql)
        for name in ("gone", "away"):
            with pytest.raises(SourceError, match=TABLES.get(name, name)):
                session.declare(name, emit=lambda _: None)
        assert session.declare("plain", emit=lambda _: None).columns


def test_a_dataset_without_a_table_says_what_to_add(odd: Database) -> None:
    with pytest.raises(SourceChanged, match="has no table"):
        odd.sql().declare("other", emit=lambda _: None)
