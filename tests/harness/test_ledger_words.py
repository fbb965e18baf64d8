"""Each way in which a ledger in a file fails has its own sentence, which says what to do; only a
file that is no ledger is to be moved away.
"""

from __future__ import annotations

import os
import resource
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from harness.errors import ConfigurationError, LedgerLost
from harness.ledger import sqlite
from harness.ledger.chain import breaks
from harness.ledger.ledger import Ledger, entries, open_ledger
from tests.harness.test_ledger import NOON, header, write
from tests.other_user import as_other, shared_folder

PAGE = 4096
AWAY = "move it away"
KEPT = "all that was recorded is kept"
WAITS = "  ledger {}: another program holds it: waiting up to 0 s until it is closed there\n"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger with a run in it."""
    path = tmp_path / "ledger.sqlite"
    with open_ledger(path) as opened:
        write(opened, "r1", 40)
    return path


def refused(path: Path) -> str:
    with pytest.raises(ConfigurationError) as caught, open_ledger(path):
        pass
    return one_sentence(path, caught.value)


def lost(path: Path, opened: Ledger) -> str:
    """What a run says that can record no more."""
    with pytest.raises(LedgerLost) as caught:
        fill(opened)
    said = one_sentence(path, caught.value)
    assert said.endswith("; nothing more is written")
    return said


def fill(opened: Ledger) -> None:
    for _ in range(1_000):
        opened.append(header("r1"), "reading", {"x": "y" * 1_000}, at=NOON)


def one_sentence(path: Path, error: Exception) -> str:
    said = str(error)
    assert said.startswith(f"ledger {path}: ")
    assert "\n" not in said
    return said


def holds_all(path: Path) -> None:
    assert list(breaks(entries(path))) == []
    assert len(entries(path)) >= 41


@contextmanager
def no_file_over(size: int) -> Iterator[None]:
    """As a quota does, for this process."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def no_more_pages() -> Iterator[None]:
    """SQLite then answers as on a full disk."""

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 1}")

    sa.event.listen(sa.pool.Pool, "connect", limit)
    try:
        yield
    finally:
        sa.event.remove(sa.pool.Pool, "connect", limit)


def test_a_full_disk_is_said_so_and_loses_nothing(ledger: Path) -> None:
    with no_more_pages(), open_ledger(ledger) as opened:
        said = lost(ledger, opened)
    assert "its disk is full, or a quota is: make room there and run again" in said
    assert KEPT in said
    holds_all(ledger)


def test_so_is_a_quota_that_ends_the_writing(ledger: Path) -> None:
    with open_ledger(ledger) as opened, no_file_over(ledger.stat().st_size + 10 * PAGE):
        said = lost(ledger, opened)
    assert "or a quota is: make room there" in said
    holds_all(ledger)


def test_a_full_disk_is_said_before_any_source_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    with no_file_over(PAGE):
        said = refused(path)
    assert "make room there" in said


@pytest.mark.parametrize("locking", ["NORMAL", "EXCLUSIVE"])
def test_what_another_program_holds_is_waited_for_and_then_to_be_closed_there(
    ledger: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    locking: str,
) -> None:
    """L11: it lets nobody write, or nobody even read."""
    monkeypatch.setattr(sqlite, "_TOLD_SECONDS", 0.1)
    monkeypatch.setattr(sqlite, "_PATIENCE_SECONDS", 0.2)
    with closing(sqlite3.connect(ledger)) as viewer:
        viewer.execute(f"PRAGMA locking_mode = {locking}")
        viewer.execute("BEGIN EXCLUSIVE")
        said = refused(ledger)
    assert "another program holds it, as a viewer or a backup does: close that" in said
    assert KEPT in said
    assert capsys.readouterr().err == WAITS.format(ledger)
    holds_all(ledger)


def test_one_that_lets_go_of_it_ends_no_run(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """L11, the control: also in the middle of one."""
    monkeypatch.setattr(sqlite, "_TOLD_SECONDS", 0.1)
    with (
        open_ledger(ledger) as opened,
        closing(sqlite3.connect(ledger, check_same_thread=False)) as viewer,
    ):
        viewer.execute("BEGIN IMMEDIATE")
        ends = threading.Timer(0.5, viewer.rollback)
        ends.start()
        opened.append(header("r1"), "reading", {"x": "y"}, at=NOON)
        ends.join()
    assert "another program holds it: waiting up to 28 s" in capsys.readouterr().err
    assert len(entries(ledger)) == 42
    holds_all(ledger)


def test_what_another_run_of_ours_writes_is_to_be_waited_for(ledger: Path) -> None:
    with open_ledger(ledger), pytest.raises(ConfigurationError) as caught, open_ledger(ledger):
        pass
    assert str(caught.value) == (
        f"another run is writing ledger {ledger}: wait until it ends, or name another --out"
    )


def archived(ledger: Path, folder: Path) -> Path:
    """A copy that nobody but root may write, in a folder where nobody else may."""
    folder.mkdir()
    copy = folder / ledger.name
    copy.write_bytes(ledger.read_bytes())
    copy.chmod(0o444)
    folder.chmod(0o555)
    return copy


def test_an_archive_is_read_and_not_written(ledger: Path) -> None:
    """L07: whoever would write is told before any source is read."""

    def used() -> tuple[int, str]:
        try:
            with open_ledger(copy):
                said = "written"
        except ConfigurationError as error:
            said = one_sentence(copy, error)
        return len(entries(copy)), said

    with shared_folder() as shared:
        copy = archived(ledger, shared / "archive")
        there = sorted(copy.parent.iterdir())
        try:
            found, said = as_other(used) if os.geteuid() == 0 else used()
        finally:
            copy.parent.chmod(0o755)
        assert sorted(copy.parent.iterdir()) == there, "nothing was put beside it"
    assert found == 41
    assert KEPT in said
    assert "chmod" in said
    assert AWAY not in said


def test_what_was_written_last_is_read_from_an_archive_too(ledger: Path) -> None:
    """A copy of a ledger in use has its last entries beside it, in the -wal."""

    def read() -> int:
        return len(entries(copy))

    with shared_folder() as shared:
        with open_ledger(ledger) as opened:
            write(opened, "r2", 1)
            wal = ledger.with_name("ledger.sqlite-wal").read_bytes()
            copy = archived(ledger, shared / "archive")
        copy.parent.chmod(0o755)
        (copy.parent / "ledger.sqlite-wal").write_bytes(wal)
        copy.parent.chmod(0o555)
        try:
            assert (as_other(read) if os.geteuid() == 0 else read()) == 44
        finally:
            copy.parent.chmod(0o755)


@pytest.mark.parametrize("page", ["first", "header", "cut"])
def test_a_damaged_ledger_is_kept_and_its_backup_is_asked_for(ledger: Path, page: str) -> None:
    content = bytearray(ledger.read_bytes())
    match page:
        case "first":
            content[:PAGE] = bytes(PAGE)
        case "header":
            content[:16] = b"x" * 16
        case "cut":
            del content[PAGE + 100 :]
    ledger.write_bytes(content)
    said = refused(ledger)
    assert "it is damaged: leave the file as it is, and put its newest backup there" in said
    assert "nothing was changed in it" in said
    assert AWAY not in said
    assert ledger.read_bytes() == content


def test_so_it_is_where_the_damage_shows_only_when_it_is_read(ledger: Path) -> None:
    content = ledger.read_bytes()
    ledger.write_bytes(content[:PAGE] + b"\xff" * (len(content) - PAGE))
    with open_ledger(ledger) as opened, pytest.raises(LedgerLost) as caught:
        list(opened.entries())
    assert "it is damaged: leave the file as it is" in one_sentence(ledger, caught.value)


@pytest.mark.parametrize("kind", ["text", "other program's"])
def test_only_a_file_that_is_no_ledger_is_to_be_moved_away(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "ledger.sqlite"
    if kind == "text":
        path.write_text("this is no database, " * 100)
    else:
        with closing(sqlite3.connect(path)) as theirs:
            theirs.execute("CREATE TABLE cookies (name)")
    before = path.read_bytes()
    path.chmod(0o600)
    assert refused(path) == (
        f"ledger {path}: it is no ledger of ours: move it away, or name another --out"
    )
    with pytest.raises(ConfigurationError, match="it is no ledger of ours"):
        entries(path)
    assert path.read_bytes() == before


def test_a_link_in_its_place_may_lead_to_evidence(ledger: Path) -> None:
    """L07: before any source is read."""
    elsewhere = ledger.rename(ledger.with_name("elsewhere.sqlite"))
    ledger.symlink_to(elsewhere)
    with pytest.raises(ConfigurationError, match="is a link") as caught, open_ledger(ledger):
        pass
    assert AWAY not in str(caught.value)
