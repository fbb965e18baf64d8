"""Whole runs of the command line, killed at random moments, one after the other in one place."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.ledger.chain import breaks
from harness.ledger.ledger import open_ledger, read_ledger
from tests.cli import SEATRIAL
from tests.harness.acme_layout import Acme, lay_out

_LANDED, _REPORT = "landed", "report.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """One run, and what is wrong after it."""

    killed: bool
    entries: int
    faults: tuple[str, ...]


def killed_runs(root: Path, *, count: int, draw: random.Random) -> Iterator[Killed]:
    """As many runs that are killed; the first and the last one are whole."""
    acme, out = lay_out(root), root / "out"
    began = time.monotonic()
    yield _run(acme, out, None)
    seconds = time.monotonic() - began
    for _ in range(count):
        yield _run(acme, out, draw.uniform(0.3, 1.1) * seconds)
    last = _run(acme, out, None)
    yield Killed(killed=False, entries=last.entries, faults=(*last.faults, *_left(out)))


def _run(acme: Acme, out: Path, after: float | None) -> Killed:
    """A run that is killed so many seconds after it began."""
    before = _chain(out)
    process = subprocess.Popen(
        [SEATRIAL, "prove", acme.folder, "--out", out, "--quiet"],
        cwd=acme.elsewhere,
        env=acme.environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(after)
    killed = process.poll() is None
    if killed:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return Killed(killed=killed, entries=len(_chain(out)), faults=tuple(_faults(out, before)))


def _chain(out: Path) -> list[str]:
    if not (out / "ledger.sqlite").exists():
        return []
    with read_ledger(out / "ledger.sqlite") as ledger:
        return [entry.sha256 for entry in ledger.entries()]


def _faults(out: Path, before: list[str]) -> Iterator[str]:
    """The chain is whole, begins as it was before, and the report was written whole."""
    now = _chain(out)
    if now[: len(before)] != before:
        yield f"{len(before)} entries were there, and are no longer the first ones"
    if len(now) != len(set(now)):
        yield "an entry is there twice"
    with read_ledger(out / "ledger.sqlite") as ledger:
        yield from breaks(ledger.entries())
    report = out / _REPORT
    if report.exists() and not report.read_text().rstrip().endswith("</html>"):
        yield "half a report under its final name"


def _left(out: Path) -> Iterator[str]:
    """After a whole run: every killed one is marked, and nothing of theirs is left beside."""
    with open_ledger(out / "ledger.sqlite") as ledger:
        runs = dict.fromkeys(entry.run for entry in ledger.entries())
        states = {run: ledger.state(run) for run in runs}
    for run, state in states.items():
        if state not in ("FINISHED", "INTERRUPTED"):
            yield f"run {run} is left {state}"
    partial = [path.name for path in out.iterdir() if path.name.endswith(".partial")]
    if partial or (out / _LANDED).exists():
        yield f"left behind: {partial or _LANDED}"
