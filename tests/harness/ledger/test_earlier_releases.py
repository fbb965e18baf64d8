"""A ledger that an earlier release wrote is whole, is read as it is, and goes on (fault L12)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.ledger import tables
from harness.ledger.ledger import entries, open_ledger, read_ledger
from harness.ledger.opening import require_whole, take_up
from tests.golden.test_bodies import HERE
from tests.harness.ledger.grown import NOON, add_run, ask, edit, found, header
from tests.harness.ledger_server import Database

LATER = NOON + timedelta(days=9)
NAMES = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"


@pytest.fixture(params=["ledger_1", "ledger_2"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Runs of two pilots, one of them killed and one RUNNING, as the release wrote them."""
    return made(request.param, tmp_path)


def made(name: str, folder: Path) -> Path:
    place = folder / "ledger.sqlite"
    with closing(sqlite3.connect(place)) as written:
        written.executescript((HERE / f"{name}.sql").read_text())
    place.chmod(0o600)
    return place


def test_it_is_whole_and_reading_adds_nothing(old: Path) -> None:
    before = old.read_bytes()
    assert found(old) == []
    with read_ledger(old) as ledger:
        history = require_whole(ledger, "ledger", now=LATER).history
    assert [night.run for night in history] == ["r1", "r2", "r3", "other", "r4"]
    assert [len(night.reading) for night in history] == [2] * 5
    assert old.read_bytes() == before


def test_it_goes_on_and_what_was_recorded_keeps_its_bytes(old: Path) -> None:
    before = entries(old)
    with open_ledger(old) as ledger:
        add_run(ledger, 9)
    assert entries(old)[: len(before)] == before
    assert found(old) == []
    assert ask(old, "SELECT number FROM nights ORDER BY number") == [(n,) for n in range(1, 7)]
    assert ask(old, "SELECT state FROM runs WHERE run_id = 'r4'") == [("INTERRUPTED",)]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE entries SET body = CAST(body || ' ' AS BLOB) WHERE seq = 3",
            "entry 3 was changed",
        ),
        ("DELETE FROM runs WHERE run_id = 'other'", "run other is missing"),
        ("DELETE FROM cursors WHERE pilot = 'q'", "the cursor of shop.orders (q, dev) is missing"),
    ],
)
def test_a_damaged_one_is_named_and_nothing_is_added(old: Path, statement: str, said: str) -> None:
    edit(old, statement)
    nights = ask(old, "SELECT * FROM nights") if ("nights",) in ask(old, NAMES) else []
    with open_ledger(old) as ledger, pytest.raises(ConfigurationError) as caught:
        take_up(ledger, "ledger", now=LATER)
    assert said in str(caught.value)
    assert ask(old, "SELECT * FROM nights") == nights


@pytest.mark.parametrize("table", sorted(tables.LATER))
def test_one_of_today_that_lost_a_table_is_not_taken_for_an_old_one(
    tmp_path: Path, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "ledger.sqlite"
    with open_ledger(place) as ledger:
        add_run(ledger, 1)
    with closing(sqlite3.connect(place)) as outsider:
        outsider.execute(f"DROP TABLE {table}")
    said = f"damaged, its table {table} is gone"
    with pytest.raises(ConfigurationError, match=said), open_ledger(place):
        pass
    assert (table,) not in ask(place, NAMES)
    monkeypatch.setattr(tables, "is_of_earlier_release", lambda _: True)
    with open_ledger(place):  # the guard-off twin: an empty table hides what was lost
        assert (table,) in ask(place, NAMES)


def test_a_run_of_the_release_before_may_come_between(tmp_path: Path) -> None:
    """It knows nothing of nights, so the next run adds those of its runs."""
    place = made("ledger_1", tmp_path)
    with open_ledger(place) as ledger:
        add_run(ledger, 8)
        ledger.begin(header(9), {"planned": []}, at=NOON)
        ledger.end(header(9), "FINISHED", {}, at=NOON)
    edit(place, "DELETE FROM nights WHERE number = 7")
    with open_ledger(place) as ledger:
        assert list(take_up(ledger, "ledger", now=LATER).lacking) == [7]
    assert found(place) == []


def test_in_postgresql_tables_are_added_too_or_their_owner_is_asked(database: Database) -> None:
    with open_ledger(database.place) as ledger:
        ledger.begin(header(1), {"planned": []}, at=NOON)
        ledger.end(header(1), "FINISHED", {}, at=NOON)
    database.ask("DROP TABLE nights, checkpoints")
    with open_ledger(database.place) as ledger:
        assert list(take_up(ledger, "ledger", now=LATER).lacking) == [1]
    database.ask("DROP TABLE nights, checkpoints")
    for table in ("runs", "entries", "cursors"):
        database.ask(f"ALTER TABLE {table} OWNER TO estate")
    database.ask("REVOKE CREATE ON SCHEMA public FROM public, writer")
    database.ask("ALTER SCHEMA public OWNER TO estate")
    database.ask("GRANT USAGE ON SCHEMA public TO writer")
    database.ask("GRANT SELECT ON ALL TABLES IN SCHEMA public TO writer")
    said = "lacks the tables checkpoints, nights"
    with pytest.raises(ConfigurationError, match=said), open_ledger(database.place):
        pass
