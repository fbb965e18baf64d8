"""A ledger in PostgreSQL is archived in one transaction, by whoever owns its tables."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.clock import Clock
from harness.errors import ConfigurationError
from harness.ledger import archive as files
from harness.ledger.continued import continued_by
from harness.ledger.ledger import Ledger, entries, read_ledger
from harness.ledger.opening import verified
from harness.onboarding.archive import archive
from harness.run.aside import aside
from tests.harness.ledger_server import PASSWORD, REFERENCE, Database
from tests.harness.signing.signed import NOON, Signed, lay_out

CLOCK = Clock(now=lambda: NOON)
ADDER = "adder"


@pytest.fixture
def made(tmp_path: Path, database: Database) -> Signed:
    """Two runs, signed."""
    (tmp_path / "archives").mkdir()
    made = lay_out(tmp_path)
    run(made, database, times=2)
    return made


def run(made: Signed, database: Database, times: int = 1) -> None:
    for _ in range(times):
        with aside(made.place, ledger=REFERENCE, environ=database.environ, clock=CLOCK):
            pass


def close(made: Signed, environ: dict[str, str]) -> Path:
    to = made.folder.parent / "archives"
    archive(made.place, ledger=REFERENCE, to=to, environ=environ, clock=CLOCK)
    [folder] = to.iterdir()
    return folder


def test_the_archive_has_all_of_it_and_the_next_ledger_goes_on(
    made: Signed, database: Database
) -> None:
    before = entries(database.place)
    folder = close(made, {**database.environ})
    assert entries(folder / files.FILE) == before
    says = continued_by(entries(database.place)[0].body)
    assert says is not None
    assert (says.entries, says.file) == (len(before), files.digest(folder / files.FILE))
    run(made, database)
    with read_ledger(database.place) as ledger:
        verified(ledger, "ledger", now=NOON)
    assert list(made.place.out.iterdir()) == []


def test_what_stops_it_in_the_middle_leaves_the_ledger_as_it_was(
    made: Signed, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are taken away and put there in one transaction."""
    before = entries(database.place)

    def killed(ledger: Ledger, next_one: Path) -> None:
        replace(ledger, next_one)
        raise KeyboardInterrupt

    replace = files.replace
    with monkeypatch.context() as patched:
        patched.setattr(files, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            close(made, {**database.environ})
    assert entries(database.place) == before
    folder = close(made, {**database.environ})
    assert entries(folder / files.FILE) == before


def test_a_user_who_can_only_add_is_told_whose_tables_they_are(
    made: Signed, database: Database
) -> None:
    """Row security could hide rows from it, which would then be left there."""
    database.ask(f"create role {ADDER} login password '{PASSWORD}'")
    database.ask(f"grant all on all tables in schema public to {ADDER}")
    before = entries(database.place)
    url = database.url.replace("writer:", f"{ADDER}:")
    with pytest.raises(ConfigurationError, match="is owned by writer: name a log-in of that role"):
        close(made, {**database.environ, "SEATRIAL_LEDGER": url})
    assert entries(database.place) == before
    assert list((made.folder.parent / "archives").iterdir()) == []
