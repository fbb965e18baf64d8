"""The ledger is append-only, chained, whole after any death, and has one writer."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.ledger import Header, Ledger, Origin, breaks, opened

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ORDERS = Origin(source="erp", dataset="orders", endpoint="db", contract="c1")


def header(run: str) -> Header:
    return Header(pilot="p", environment="dev", run=run, slot="2026-11-20", code="0")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with opened(path) as ledger:
        yield ledger


def write(ledger: Ledger, run: str, facts: int) -> None:
    ledger.begin(header(run), {"planned": []}, at=NOON)
    for number in range(facts):
        ledger.append(
            header(run), "reading", {"n": number}, at=NOON, origin=ORDERS, cursor=str(number)
        )


def test_a_whole_ledger_has_no_breaks(ledger: Ledger) -> None:
    write(ledger, "r1", 3)
    ledger.end(header("r1"), "FINISHED", {}, at=NOON)
    assert list(breaks(ledger.entries())) == []
    assert [entry.kind for entry in ledger.entries()] == ["started", *["reading"] * 3, "finished"]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE entries SET body = x'7b7d' WHERE seq = 3", "entry 3 was changed"),
        ("UPDATE entries SET body = 'text' WHERE seq = 3", "entry 3 was changed"),
        ("DELETE FROM entries WHERE seq = 3", "entry 3 is missing"),
        ("UPDATE entries SET kind = 'verdict' WHERE seq = 2", "entry 2 was changed"),
        ("UPDATE entries SET prev = sha256 WHERE seq = 4", "entry 4 does not follow"),
    ],
)
def test_every_tampering_is_named(path: Path, statement: str, said: str) -> None:
    with opened(path) as ledger:
        write(ledger, "r1", 4)
    with sqlite3.connect(path) as thief:
        thief.execute("PRAGMA foreign_keys=OFF")
        thief.execute(statement)
    thief.close()
    with opened(path) as ledger:
        assert said in next(breaks(ledger.entries()))


def test_every_entry_says_where_it_comes_from(ledger: Ledger) -> None:
    write(ledger, "r1", 1)
    body = next(ledger.entries(kind="reading")).body.decode()
    for name in ("pilot", "environment", "run", "slot", "code", "source", "dataset",
                 "endpoint", "contract", "evidence_class", "at"):  # fmt: skip
        assert f'"{name}":' in body


def test_an_entry_and_its_cursor_are_one(path: Path) -> None:
    with opened(path) as ledger:
        write(ledger, "r1", 3)
    with sqlite3.connect(path) as reader:
        assert reader.execute("SELECT value, seq FROM cursors").fetchall() == [("2", 4)]
    reader.close()


def test_a_body_that_cannot_be_written_moves_no_cursor(ledger: Ledger, path: Path) -> None:
    write(ledger, "r1", 1)
    with pytest.raises(ValueError, match="finite"):
        ledger.append(
            header("r1"), "reading", {"n": float("nan")}, at=NOON, origin=ORDERS, cursor="9"
        )
    with sqlite3.connect(path) as reader:
        assert reader.execute("SELECT value FROM cursors").fetchall() == [("0",)]
    reader.close()


def test_a_second_writer_is_refused(ledger: Ledger, path: Path) -> None:
    write(ledger, "r1", 1)
    with pytest.raises(ConfigurationError, match="another run is writing"), opened(path):
        pass


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, os.getcwd())
from tests.harness.test_ledger import NOON, ORDERS, header
from harness.ledger import opened
with opened(Path(sys.argv[1])) as ledger:
    ledger.begin(header(sys.argv[2]), {"planned": []}, at=NOON)
    print("ready", flush=True)
    me = header(sys.argv[2])
    for n in range(10**6):
        ledger.append(me, "reading", {"n": n}, at=NOON, origin=ORDERS, cursor=str(n))
        print(n, flush=True)
"""


def test_a_writer_killed_at_any_time_loses_nothing_it_was_told_is_kept(path: Path) -> None:
    """kill -9 between, during and after commits: acknowledged entries stay, the chain holds."""
    for kill, after in enumerate((0, 1, 2, 5, 9, 14, 20)):
        writer = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(path), f"killed-{kill}"],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        acknowledged = [int(writer.stdout.readline()) for _ in range(after)]
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += [int(line) for line in writer.stdout if line.endswith("\n")]
        writer.wait()
        writer.stdout.close()
        with opened(path) as ledger:
            assert ledger.state(f"killed-{kill}") == "RUNNING"
            assert ledger.begin(header(f"next-{kill}"), {}, at=NOON) == (f"killed-{kill}",)
            assert ledger.state(f"killed-{kill}") == "INTERRUPTED"
            ledger.end(header(f"next-{kill}"), "FINISHED", {}, at=NOON)
            kept = len(list(ledger.entries(run=f"killed-{kill}", kind="reading")))
            assert kept in (len(acknowledged), len(acknowledged) + 1)
            assert list(breaks(ledger.entries())) == []


@pytest.mark.parametrize("make", ["directory", "text", "link", "unwritable"])
def test_a_place_that_cannot_hold_a_ledger_is_said_before_any_source_is_read(
    tmp_path: Path, make: str
) -> None:
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
    with pytest.raises(ConfigurationError, match="ledger"), opened(path):
        pass


def test_a_thread_that_outlives_its_run_can_write_no_more(path: Path) -> None:
    with opened(path) as ledger:
        write(ledger, "r1", 1)
    with pytest.raises(RuntimeError, match="closed"):
        ledger.append(header("r1"), "reading", {}, at=NOON, origin=ORDERS, cursor="9")
    with opened(path) as again:
        assert len(list(again.entries())) == 2
