"""What docs/ledger.md grants is enough for a ledger's users, and nothing more."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import psycopg
import pytest

from connectors.secrets import Secret
from harness.errors import ConfigurationError
from harness.ledger import postgresql
from harness.ledger.chain import breaks
from harness.ledger.ledger import Header, open_ledger
from tests.cli import REPOSITORY
from tests.harness.ledger_server import PASSWORD, REFERENCE, Database
from tests.harness.test_ledger import NOON

PATH = "?options=-csearch_path%3Dledger"


def documented() -> str:
    text = (REPOSITORY / "docs" / "ledger.md").read_text()
    _, _, section = text.partition("# A ledger in PostgreSQL that nobody can change\n")
    return section.partition("```sql\n")[2].partition("```\n")[0]


def documented_tables() -> str:
    """What the owner of a ledger of an earlier release adds."""
    text = (REPOSITORY / "docs" / "ledger.md").read_text()
    _, _, section = text.partition("# A ledger of an earlier release\n")
    return section.partition("```sql\n")[2].partition("```\n")[0]


def header(pilot: str, run: str) -> Header:
    return Header(pilot=pilot, environment="dev", run=run, slot="2026-11-28", code="1")


def prove(place: Secret, pilot: str, run: str, *, to_the_end: bool = True) -> tuple[str, ...]:
    """A run with one fact; returns the killed runs that it found."""
    of = header(pilot, run)
    with open_ledger(place) as ledger:
        killed = ledger.begin(of, {}, at=NOON)
        ledger.append(of, "reading", {"rows": 1}, at=NOON)
        if to_the_end:
            ledger.end(of, "FINISHED", {}, at=NOON)
    return killed


@pytest.fixture
def places(database: Database) -> Iterator[Mapping[str, Secret]]:
    """The ledger by the URL of each pilot's role; the first run of one made it."""
    address = urlsplit(database.url)
    for role in ("acme", "beta"):
        database.ask(f"create role {role} login password '{PASSWORD}'")
    database.ask("create schema ledger authorization acme")
    url = f"postgresql://{{}}:{PASSWORD}@127.0.0.1:{address.port}{address.path}{PATH}"
    yield {role: Secret(REFERENCE, url.format(role)) for role in ("acme", "beta")}
    database.ask("drop owned by acme, beta")
    database.ask("drop role acme, beta")
    if database.ask("select 1 from pg_roles where rolname = 'ledger_owner'"):
        database.ask("drop owned by ledger_owner cascade")
        database.ask("drop role ledger_owner")


@pytest.fixture
def granted(places: Mapping[str, Secret], database: Database) -> Mapping[str, Secret]:
    prove(places["acme"], "acme", "a1")
    database.ask(documented())
    return places


def test_what_is_documented_is_enough_for_two_pilots_on_one_chain(
    granted: Mapping[str, Secret], database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    assert prove(granted["beta"], "beta", "b1", to_the_end=False) == ()
    assert prove(granted["acme"], "acme", "a2") == ("b1",)
    assert prove(granted["beta"], "beta", "b2") == ()
    with open_ledger(granted["acme"]) as ledger:
        assert list(breaks(ledger.entries())) == []
        assert {entry.run for entry in ledger.entries()} == {"a1", "b1", "a2", "b2"}
    assert not caplog.records
    assert [postgresql.examine(place) for place in granted.values()] == [(), ()]
    assert database.ask("select state from ledger.runs order by number") == [
        ("FINISHED",),
        ("INTERRUPTED",),
        ("FINISHED",),
        ("FINISHED",),
    ]


BODY = """convert_to('{{"pilot": "{}"}}', 'UTF8')"""


def entry(run: str, pilot: str) -> str:
    return (
        f"insert into ledger.entries select max(seq) + 1, '{run}', 'reading', 1, "
        f"{BODY.format(pilot)}, '', '' from ledger.entries"
    )


ATTEMPTS = {
    "change an entry": "update ledger.entries set kind = 'verdict'",
    "delete one": "delete from ledger.entries",
    "empty it": "truncate ledger.entries cascade",
    "lay a trigger": (
        "create trigger t before insert on ledger.entries for each row"
        " execute function suppress_redundant_updates_trigger()"
    ),
    "add to a run of another pilot": entry("a1", "beta"),
    "add in the name of another pilot": entry("b1", "acme"),
    "begin a run of another pilot": (
        "insert into ledger.runs values (9, 'a9', 'acme', 'dev', '', 'FINISHED', '')"
    ),
    "end one": "update ledger.runs set state = 'FINISHED' where run_id = 'a1'",
    "rename one": "update ledger.runs set pilot = 'beta' where run_id = 'a1'",
    "create a table": "create table ledger.mine (n int)",
}


@pytest.mark.parametrize("statement", ATTEMPTS.values(), ids=ATTEMPTS.keys())
def test_nothing_more_is_granted(granted: Mapping[str, Secret], statement: str) -> None:
    prove(granted["beta"], "beta", "b1")
    with (
        psycopg.connect(granted["beta"].reveal()) as beta,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        beta.execute(statement.encode())


def test_its_own_entry_it_may_add(granted: Mapping[str, Secret]) -> None:
    """The control of what is refused above."""
    prove(granted["beta"], "beta", "b1")
    with psycopg.connect(granted["beta"].reveal()) as beta:
        beta.execute(entry("b1", "beta").encode())


def test_a_user_who_owns_the_tables_is_told_at_the_start_of_each_run(
    places: Mapping[str, Secret], database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """The control of the silence above; and by the doctor."""
    caplog.set_level(logging.WARNING)
    assert postgresql.examine(places["acme"]) is None
    prove(places["acme"], "acme", "a1")
    says = "its user owns checkpoints, cursors, entries, nights, runs and could change every entry"
    assert [r.getMessage() for r in caplog.records] == [
        f"ledger {REFERENCE}: {says}: docs/ledger.md shows the grants of a user who can only add"
    ]
    database.ask(documented())
    database.ask("grant update (kind), trigger on ledger.entries to acme")
    (told,) = postgresql.examine(places["acme"]) or ()
    assert re.match("its user may UPDATE, TRIGGER entries: docs/ledger.md", told)


def test_the_owner_of_a_ledger_of_an_earlier_release_adds_what_is_documented(
    granted: Mapping[str, Secret], database: Database
) -> None:
    database.ask("drop table ledger.nights, ledger.checkpoints")
    with pytest.raises(
        ConfigurationError, match=r"run what docs/ledger.md shows, as their owner$"
    ):
        prove(granted["beta"], "beta", "b1")
    database.ask(documented_tables())
    assert prove(granted["beta"], "beta", "b2") == ()
    assert database.ask("select number from ledger.nights") == [(2,)]
