"""The ledger is append-only, chained, whole after any death, and has one writer: of every kind."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from connectors.secrets import Secret
from harness.errors import ConfigurationError
from harness.ledger.chain import breaks
from harness.ledger.ledger import Header, Ledger, Origin, open_ledger
from tests.harness.ledger_server import REFERENCE, Database, LedgerServer

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ORDERS = Origin(source="erp", dataset="orders", endpoint="db", contract="c1")


def header(run: str) -> Header:
    return Header(pilot="p", environment="dev", run=run, slot="2026-11-20", code="0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where a ledger is, and a way to it that is not ours."""

    place: Path | Secret
    arguments: Sequence[str]
    """For `ledger_at` in another process: the reference, the folder."""
    environ: Mapping[str, str]
    database: Database | None

    def ask(self, statement: str) -> list[Any]:
        if self.database is not None:
            return self.database.ask(statement)
        assert isinstance(self.place, Path)
        with sqlite3.connect(self.place) as outsider:
            found = outsider.execute(statement).fetchall()
        outsider.close()
        return found


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Kept:
    if request.param == "sqlite":
        return Kept(
            place=tmp_path / "ledger.sqlite",
            arguments=["", str(tmp_path)],
            environ={},
            database=None,
        )
    server: LedgerServer = request.getfixturevalue("postgresql")
    database = server.database()
    return Kept(
        place=database.place,
        arguments=[REFERENCE, str(tmp_path)],
        environ=database.environ,
        database=database,
    )


@pytest.fixture
def ledger(kept: Kept) -> Iterator[Ledger]:
    with open_ledger(kept.place) as ledger:
        yield ledger


def write(ledger: Ledger, run: str, facts: int) -> None:
    ledger.begin(header(run), {"planned": []}, at=NOON)
    for number in range(facts):
        ledger.append(
            header(run), "reading", {"n": number}, at=NOON, origin=ORDERS, cursor=str(number)
        )


def verdicts_together(ledger: Ledger, *numbers: float) -> None:
    with ledger.together():
        for number in numbers:
            ledger.append(header("r1"), "verdict", {"n": number}, at=NOON, origin=ORDERS)


def test_a_whole_ledger_has_no_breaks(ledger: Ledger) -> None:
    write(ledger, "r1", 3)
    ledger.end(header("r1"), "FINISHED", {}, at=NOON)
    assert list(breaks(ledger.entries())) == []
    assert [entry.kind for entry in ledger.entries()] == ["started", *["reading"] * 3, "finished"]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE entries SET body = '' WHERE seq = 3", "entry 3 was changed"),
        ("UPDATE entries SET body = 'text' WHERE seq = 3", "entry 3 was changed"),
        ("DELETE FROM entries WHERE seq = 3", "entry 3 is missing"),
        ("UPDATE entries SET kind = 'verdict' WHERE seq = 2", "entry 2 was changed"),
        ("UPDATE entries SET prev = sha256 WHERE seq = 4", "entry 4 does not follow"),
    ],
)
def test_every_tampering_is_named(kept: Kept, statement: str, said: str) -> None:
    with open_ledger(kept.place) as ledger:
        write(ledger, "r1", 4)
    kept.ask(statement)
    with open_ledger(kept.place) as ledger:
        assert said in next(breaks(ledger.entries()))


def test_every_entry_says_where_it_comes_from(ledger: Ledger) -> None:
    write(ledger, "r1", 1)
    body = next(ledger.entries(kind="reading")).body.decode()
    for name in ("pilot", "environment", "run", "slot", "code", "source", "dataset",
                 "endpoint", "contract", "evidence_class", "at"):  # fmt: skip
        assert f'"{name}":' in body


def test_a_body_comes_back_byte_for_byte(ledger: Ledger) -> None:
    """Also what a database might fold, pad or refuse as text."""
    said = {"text": "Ünïcode \N{GRINNING FACE} \x00 \\x00 \r\n ' \" %s :name  ", "n": 10**20}
    ledger.begin(header("r1"), {"said": said}, at=NOON)
    (entry,) = ledger.entries()
    assert b"\\u0000" in entry.body
    assert "\N{GRINNING FACE}".encode() in entry.body
    assert list(breaks(ledger.entries())) == []


def test_an_entry_and_its_cursor_are_one(kept: Kept) -> None:
    with open_ledger(kept.place) as ledger:
        write(ledger, "r1", 3)
    assert kept.ask("SELECT value, seq FROM cursors") == [("2", 4)]


def test_a_body_that_cannot_be_written_moves_no_cursor_and_ends_nothing(
    ledger: Ledger, kept: Kept
) -> None:
    write(ledger, "r1", 1)
    with pytest.raises(ValueError, match="finite"):
        ledger.append(
            header("r1"), "reading", {"n": float("nan")}, at=NOON, origin=ORDERS, cursor="9"
        )
    assert kept.ask("SELECT value FROM cursors") == [("0",)]
    assert ledger.append(header("r1"), "reading", {}, at=NOON, origin=ORDERS) == 3


def test_what_is_written_together_is_there_or_none_of_it_is(ledger: Ledger) -> None:
    write(ledger, "r1", 1)
    with pytest.raises(ValueError, match="finite"):
        verdicts_together(ledger, 1, float("nan"))
    assert [entry.kind for entry in ledger.entries()] == ["started", "reading"]
    verdicts_together(ledger, 1, 2)
    assert [entry.seq for entry in ledger.entries(kind="verdict")] == [3, 4]
    assert list(breaks(ledger.entries())) == []


def test_a_block_within_another_is_of_the_same_transaction(ledger: Ledger) -> None:
    write(ledger, "r1", 1)

    def some_that_fail() -> None:
        with ledger.together():
            verdicts_together(ledger, 1, 2)
            verdicts_together(ledger, float("nan"))

    with pytest.raises(ValueError, match="finite"):
        some_that_fail()
    assert [entry.kind for entry in ledger.entries()] == ["started", "reading"]
    with ledger.together():
        verdicts_together(ledger, 1)
        verdicts_together(ledger, 2)
    assert [entry.seq for entry in ledger.entries(kind="verdict")] == [3, 4]
    assert list(breaks(ledger.entries())) == []


def test_a_second_writer_is_refused(ledger: Ledger, kept: Kept) -> None:
    write(ledger, "r1", 1)
    with (
        pytest.raises(ConfigurationError, match="another run is writing"),
        open_ledger(kept.place),
    ):
        pass
    assert ledger.append(header("r1"), "reading", {}, at=NOON, origin=ORDERS) == 3


def test_a_ledger_can_be_opened_again_at_once(kept: Kept) -> None:
    for number in range(1, 11):
        with open_ledger(kept.place) as ledger:
            write(ledger, f"r{number}", 0)
            ledger.end(header(f"r{number}"), "FINISHED", {}, at=NOON)
    assert kept.ask("SELECT number FROM runs ORDER BY number") == [(n,) for n in range(1, 11)]


KILLED = """
import os, sys
from pathlib import Path
sys.path[:0] = [os.getcwd(), os.path.join(os.getcwd(), "tests", "harness")]
from tests.harness.test_ledger import NOON, ORDERS, header
from harness.pilot.connect import ledger_at
from harness.ledger.ledger import open_ledger
from harness.pilot.references import References
reference, out, run = sys.argv[1:]
references = References(os.environ, vault=None, where="")
with open_ledger(ledger_at(reference or None, out=Path(out), references=references)) as ledger:
    ledger.begin(header(run), {"planned": []}, at=NOON)
    print("ready", flush=True)
    me = header(run)
    for n in range(10**6):
        ledger.append(me, "reading", {"n": n}, at=NOON, origin=ORDERS, cursor=str(n))
        print(n, flush=True)
"""


def test_a_writer_killed_at_any_time_loses_nothing_it_was_told_is_kept(kept: Kept) -> None:
    """kill -9 between, during and after commits: acknowledged entries stay, the chain holds."""
    for kill, after in enumerate((0, 1, 2, 5, 9, 14, 20)):
        writer = subprocess.Popen(
            [sys.executable, "-c", KILLED, *kept.arguments, f"killed-{kill}"],
            env={**os.environ, **kept.environ},
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
        with open_ledger(kept.place) as ledger:
            assert ledger.state(f"killed-{kill}") == "RUNNING"
            assert ledger.begin(header(f"next-{kill}"), {}, at=NOON) == (f"killed-{kill}",)
            assert ledger.state(f"killed-{kill}") == "INTERRUPTED"
            ledger.end(header(f"next-{kill}"), "FINISHED", {}, at=NOON)
            found = len(list(ledger.entries(run=f"killed-{kill}", kind="reading")))
            assert found in (len(acknowledged), len(acknowledged) + 1)
            assert list(breaks(ledger.entries())) == []
    runs = kept.ask("SELECT number FROM runs ORDER BY number")
    assert runs == [(n,) for n in range(1, 15)]


def test_a_table_of_somebody_else_is_named_and_nothing_is_made_beside_it(kept: Kept) -> None:
    kept.ask("CREATE TABLE runs (number integer, marathon text)")
    with (
        pytest.raises(ConfigurationError, match="its table runs is somebody else's"),
        open_ledger(kept.place),
    ):
        pass
    kept.ask("CREATE TABLE entries (it integer)")
    kept.ask("CREATE TABLE cursors (it integer)")


def test_a_ledger_that_lost_a_table_is_not_mended_by_an_empty_one(kept: Kept) -> None:
    with open_ledger(kept.place) as ledger:
        write(ledger, "r1", 1)
    kept.ask("DROP TABLE cursors")
    with (
        pytest.raises(ConfigurationError, match="its table cursors is gone"),
        open_ledger(kept.place),
    ):
        pass


def test_a_thread_that_outlives_its_run_can_write_no_more(kept: Kept) -> None:
    with open_ledger(kept.place) as ledger:
        write(ledger, "r1", 1)
    with pytest.raises(RuntimeError, match="closed"):
        ledger.append(header("r1"), "reading", {}, at=NOON, origin=ORDERS, cursor="9")
    with open_ledger(kept.place) as again:
        assert len(list(again.entries())) == 2
