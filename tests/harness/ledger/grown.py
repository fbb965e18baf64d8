"""A ledger of a few runs in a file, as runs write it, and ways to change it behind their back."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from contracts.canonical import canonical
from contracts.defaults import persisted_fields
from harness import tags
from harness.facts import Reading
from harness.ledger.chain import GENESIS
from harness.ledger.cursor import high_water
from harness.ledger.heads import Mark
from harness.ledger.ledger import Header, Ledger, Origin, open_ledger, read_ledger
from harness.ledger.opening import changes_in, take_up
from harness.verdict import Outcome, Verdict
from tests.golden.facts import READING

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOW = NOON + timedelta(hours=6)
DATASETS = ("orders", "items")
RUNS = 5
BROKEN = Verdict(
    claim="fresh",
    outcome=Outcome.BROKEN,
    because="Late.",
    expected="",
    observed="",
    n=1,
    method="",
)


def header(number: int) -> Header:
    return Header(pilot="p", environment="dev", run=f"r{number}", slot="2026-11-20", code="0")


def at(number: int) -> datetime:
    return NOON + timedelta(hours=number)


def add_run(ledger: Ledger, number: int, *, state: str = "FINISHED") -> None:
    """One run that reads two datasets and judges them; RUNNING for one that is killed."""
    checked = take_up(ledger, "ledger", now=at(number))
    of, now = header(number), at(number)
    ledger.begin(of, {"planned": [], **checked.says}, at=now)
    for name in DATASETS:
        origin = Origin(source="shop", dataset=name, endpoint="db", contract="c1",
                        evidence_class="simulated")  # fmt: skip
        read = replace(READING, dataset=name, started_at=now, newest_event_at=now, failure=None)
        add_reading(ledger, of, read, origin)
        ledger.append(of, tags.VERDICT, persisted_fields(BROKEN), at=now, origin=origin)
    if state != "RUNNING":
        ledger.end(of, state, {}, at=now)


def add_reading(ledger: Ledger, of: Header, read: Reading, origin: Origin) -> None:
    newest = high_water(read)
    cursor = None if newest is None else newest.isoformat()
    kind, body = tags.FACTS[Reading], persisted_fields(read)
    ledger.append(of, kind, body, at=read.started_at, origin=origin, cursor=cursor)


def grow(place: Path) -> Mark:
    """Runs r1 to r5, of which r3 was killed; returns what somebody signed of them."""
    with open_ledger(place) as ledger:
        for number in range(1, RUNS + 1):
            add_run(ledger, number, state="RUNNING" if number == 3 else "FINISHED")
        return replace(take_up(ledger, "ledger", now=at(RUNS)).mark, whole_at=None)


def copied(place: Path, folder: Path) -> Path:
    """A copy, to be changed."""
    folder.mkdir(exist_ok=True)
    return Path(shutil.copy(place, folder / "ledger.sqlite"))


def edit(place: Path, *statements: str) -> None:
    """Change it with no regard to keys that refer to each other."""
    with closing(sqlite3.connect(place)) as outsider, outsider:
        for statement in "; ".join(statements).split("; "):
            assert outsider.execute(statement).rowcount != 0, statement


def ask(place: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(place)) as outsider:
        return outsider.execute(query).fetchall()


def chained_anew(place: Path) -> None:
    """What somebody does who knows the format: digests and heads follow from the bodies."""
    with closing(sqlite3.connect(place)) as outsider, outsider:
        last = GENESIS
        query = "SELECT seq, run_id, kind, body FROM entries ORDER BY seq"
        for seq, run, kind, body in outsider.execute(query).fetchall():
            prev, last = last, sealed(last, seq, run, kind, body)
            row = (prev, last, seq)
            outsider.execute("UPDATE entries SET prev = ?, sha256 = ? WHERE seq = ?", row)
            outsider.execute("UPDATE runs SET head = ? WHERE run_id = ?", (last, run))


def sealed(prev: str, seq: int, run: str, kind: str, body: bytes) -> str:
    """An entry's digest, by the words of `harness/ledger/chain.py`."""
    head = {"seq": seq, "run": run, "kind": kind, "format": 1, "prev": prev}
    return hashlib.sha256(canonical(head) + b"\n" + body).hexdigest()


def found(place: Path, *, mark: Mark | None = None) -> list[str]:
    """What is said of it when it is opened."""
    with read_ledger(place) as ledger:
        return changes_in(ledger, now=NOW, mark=mark)
