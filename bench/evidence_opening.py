"""What it costs to open a ledger of a year and to take up its history; what a change of it costs
whoever made it: its name.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from bench import box, evidence_ledger
from bench.metric import Metric, Sample
from harness.ledger.ledger import Header, open_ledger
from harness.ledger.opening import verified
from tests.harness.ledger import grown, test_held

LIBRARIES = ("sqlalchemy", "msgspec", "rfc8785")
_SCRIPT = Path(__file__).with_name("opened.py")
_REPOSITORY = Path(__file__).parent.parent
_FLOOR = (
    "Each opening is a process of its own; imports do not count. Floor: the older build of "
    "--against, which checks the chain alone, on the same ledger, by turns. All of it is checked "
    "once a day and before an export."
)


def floors() -> list[str]:
    """What the figures stand on."""
    return [_FLOOR]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """All metrics; without an older checkout none is compared."""
    nights, rounds = (40, 3) if quick else (400, 7)
    with tempfile.TemporaryDirectory(prefix="seatrial-bench-") as folder:
        place = Path(folder, "ledger.sqlite")
        say(f"growing a ledger of {nights} nights")
        mark = evidence_ledger.grow(place, nights)
        known = (str(mark.size), mark.root.hex())
        opened, cpu = list[Sample](), list[Sample]()
        for number in range(rounds):
            say(f"round {number + 1} of {rounds}")
            ours = _opened(_REPOSITORY, place, *known)
            opened.append(Sample(value=ours["seconds"]))
            for older in box.AGAINST:
                before = _opened(older, place)
                assert before["nights"] == ours["nights"]
                cpu.append(Sample(value=ours["cpu"] / before["cpu"]))
        whole = [Sample(value=_whole(place)) for _ in range(rounds)]
        say("appending")
        what = f"{nights} nights x 100 datasets, opened"
        appended = [Sample(value=_appended(place, number)) for number in range(rounds)]
        say("changing each row of a small ledger")
        unnamed, changes = _unnamed(Path(folder, "small"))
    return [
        Metric(
            metric=f"of {changes} changes: each entry, run, cursor and night",
            unit="changes that nothing names",
            samples=(Sample(value=unnamed),),
            goal=0,
        ),
        Metric(metric=what, unit="seconds", samples=tuple(opened), goal=2.0),
        Metric(metric=what, unit="CPU, older build = 1", samples=tuple(cpu), goal=0.1),
        Metric(metric="the same, all of it checked", unit="CPU seconds", samples=tuple(whole)),
        Metric(metric="an entry appended", unit="ms", samples=tuple(appended), goal=5.0),
    ]


def _opened(checkout: Path, place: Path, *mark: str) -> dict[str, float]:
    ended = subprocess.run(
        [sys.executable, "-P", str(_SCRIPT), str(place), *mark],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(ended.stdout)
    return found


def _whole(place: Path) -> float:
    began = time.process_time()
    with open_ledger(place) as ledger:
        verified(ledger, "ledger", now=datetime.now(UTC))
    return time.process_time() - began


def _appended(place: Path, number: int, entries: int = 300) -> float:
    """Milliseconds an entry, on disk each."""
    now = datetime.now(UTC)
    header = Header(pilot="bench", environment="dev", run=f"a{number}", slot="", code="")
    body = {"rows": 1500, "samples": [n / 7 for n in range(100)]}
    with open_ledger(place) as ledger:
        ledger.begin(header, {}, at=now)
        began = time.perf_counter()
        for _ in range(entries):
            ledger.append(header, "evaluation", body, at=now)
        found = (time.perf_counter() - began) * 1000 / entries
        ledger.end(header, "FINISHED", {}, at=now)
    return found


def _unnamed(folder: Path) -> tuple[int, int]:
    """How many changes to a ledger leave no word when all of it is looked at, and of how many."""
    folder.mkdir()
    place = folder / "grown.sqlite"
    grown.grow(place)
    changes = [
        statement
        for edits in (test_held.runs, test_held.cursors, test_held.nights, test_held.entries)
        for statement, _ in edits()
    ]
    silent = 0
    for statement in changes:
        changed = grown.copied(place, folder)
        grown.edit(changed, statement)
        silent += not grown.found(changed)
    return silent, len(changes)
