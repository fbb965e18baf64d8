"""What the doctor says of a ledger in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.ledger.ledger import open_ledger
from harness.onboarding.examine import Standing
from tests.cli import seatrial
from tests.harness.engagement import write
from tests.harness.ledger.grown import edit, grow
from tests.harness.ledger_server import PASSWORD, Database
from tests.harness.test_doctor import doctor, said
from tests.shell import Ended


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Its source is not there, which is another matter."""
    return write(tmp_path)


def examined(folder: Path, url: str) -> Ended:
    environ = {"SEATRIAL_LEDGER": url, "ERP_URL": "sqlite:////nowhere", "ERP_PASSWORD": "none"}
    ended = doctor(folder.parent, environ, folder)
    assert PASSWORD not in ended.out
    return ended


def examined_at(out: Path, folder: Path, environ: dict[str, str]) -> Ended:
    """Its last run has no checkpoint, which is told beside the table."""
    words = ["doctor", folder, "--out", out]
    return seatrial(words, cwd=folder.parent, environ=environ)


def test_a_ledger_that_is_not_there_yet_is_no_fault(folder: Path, database: Database) -> None:
    assert "ledger none is there yet" in said(examined(folder, database.url), Standing.OK)
    assert database.ask("select 1 from pg_class where relname = 'entries'") == []


def test_one_whose_user_could_change_it_is_told(folder: Path, database: Database) -> None:
    with open_ledger(database.place):
        pass
    told = said(examined(folder, database.url), Standing.NOTE)
    owned = "checkpoints, cursors, entries, nights, runs"
    assert f"ledger its user owns {owned} and could change every entry" in told


def test_one_whose_user_only_adds_is_right(folder: Path, database: Database) -> None:
    with open_ledger(database.place):
        pass
    for table in ("runs", "entries", "cursors", "nights", "checkpoints"):
        database.ask(f"alter table {table} owner to estate")
    database.ask("grant select, insert on entries to writer")
    told = said(examined(folder, database.url), Standing.OK)
    assert "ledger its user adds to it and cannot change an entry" in told


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (PASSWORD, "wrong", "the password was refused"),
        ("127.0.0.1", "0.0.0.0", "nothing was sent: ask for TLS on the server"),
        ("127.0.0.1:", "127.0.0.1:1", "check host and port"),
    ],
)
def test_one_that_cannot_be_used_is_wrong(
    folder: Path, database: Database, old: str, new: str, says: str
) -> None:
    ended = examined(folder, database.url.replace(old, new))
    assert ended.code == 2
    assert says in said(ended, Standing.WRONG)


def test_a_whole_ledger_is_told_and_one_that_was_changed_is_wrong(folder: Path) -> None:
    """By name, as whoever opens it next would say it (fault E02)."""
    place = folder.parent / "out" / "erp" / "ledger.sqlite"
    place.parent.mkdir(parents=True)
    grow(place)
    environ = {"ERP_URL": "sqlite:////nowhere", "ERP_PASSWORD": "none"}
    whole = examined_at(place.parent, folder, environ)
    assert "run r5 has no checkpoint" in whole.err
    told = said(whole, Standing.OK)
    assert "ledger whole: 5 runs that ended, 30 entries, each as it was written" in told
    edit(place, "UPDATE runs SET state = 'INTERRUPTED' WHERE number = 2")
    ended = examined_at(place.parent, folder, environ)
    assert ended.code == 2
    wrong = said(ended, Standing.WRONG)
    assert "run r2 was changed: its state is INTERRUPTED, by its entries FINISHED" in wrong
