"""What a ledger in a file cannot be, and what becomes of half a one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from harness.errors import ConfigurationError, LedgerLost
from harness.ledger.chain import breaks
from harness.ledger.ledger import open_ledger
from tests.harness.test_ledger import NOON, header, write


@pytest.mark.parametrize("make", ["directory", "text", "link", "unwritable"])
def test_a_place_that_cannot_hold_a_ledger_is_said_before_any_source_is_read(
    tmp_path: Path, make: str
) -> None:
    """L07."""
    path = tmp_path / "here" / "ledger.sqlite"
    if make == "directory":
        path.mkdir(parents=True)
    elif make == "text":
        path.parent.mkdir()
        path.write_text("this is no database, " * 100)
    elif make == "link":
        path.parent.mkdir()
        path.symlink_to(tmp_path / "elsewhere")
    else:
        (tmp_path / "here").write_text("a file where a folder should be")
    with pytest.raises(ConfigurationError, match="ledger"), open_ledger(path):
        pass


def test_a_file_that_fails_in_the_middle_ends_the_run_and_its_writing(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with open_ledger(path) as ledger:
        write(ledger, "r1", 1)
        outsider = sqlite3.connect(path)
        outsider.execute("ALTER TABLE entries RENAME TO gone")
        with pytest.raises(LedgerLost, match="SQLITE_ERROR"):
            ledger.append(header("r1"), "reading", {}, at=NOON)
        outsider.execute("ALTER TABLE gone RENAME TO entries")
        outsider.close()
        with pytest.raises(LedgerLost, match="SQLITE_ERROR"):
            ledger.append(header("r1"), "reading", {}, at=NOON)
        with pytest.raises(LedgerLost, match="SQLITE_ERROR"):
            ledger.end(header("r1"), "FINISHED", {}, at=NOON)
    with open_ledger(path) as again:
        assert again.begin(header("r2"), {}, at=NOON) == ("r1",)
        assert list(breaks(again.entries())) == []
