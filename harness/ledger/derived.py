"""What a ledger's entries say that its other tables must hold; pure.

A run is what its first entry says, in the state that its last entry says, and its head is that
entry's digest. A cursor is where the last whole reading of a dataset moved it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

import msgspec

from harness.facts import Reading
from harness.ledger import nights
from harness.ledger.body import UNREADABLE
from harness.ledger.chain import Entry
from harness.ledger.continued import Continues, continued_by, is_carried
from harness.ledger.cursor import RecordedMove, high_water
from harness.ledger.found import found_by
from harness.ledger.heads import FINISHED, INTERRUPTED, RUNNING
from harness.ledger.kept import Claim
from harness.ledger.tables import STARTED, says_checked
from harness.tags import FACTS

CursorOf: TypeAlias = tuple[str, str, str, str]
"""Pilot, environment, source, dataset."""
_READING = FACTS[Reading]
_ENDS = {FINISHED.lower(): FINISHED, INTERRUPTED.lower(): INTERRUPTED}
_MOVE = msgspec.json.Decoder(RecordedMove)


@dataclass(slots=True, kw_only=True)
class Run:
    """What the entries of one run say."""

    number: int
    first: int
    of: nights.Of | None
    """None if its first entry is no beginning of a run."""
    checked: bool
    """Whether a release began it that keeps nights in a table."""
    state: str
    head: str
    taken_up: list[Entry] = field(default_factory=list)
    """Until it ends."""
    night: bytes | None = None
    """The digest of its row in `nights`, once it has ended."""


@dataclass(slots=True, kw_only=True)
class Derived:
    """Takes entries in their order, and says what follows from them."""

    last: tuple[int, str]
    """Seq and digest of the last entry."""
    before: int = 0
    """Runs that began before the first of these entries."""
    known: Container[int] = ()
    """The numbers of runs whose nights are in their table."""
    runs: dict[str, Run] = field(default_factory=dict)
    cursors: dict[CursorOf, tuple[datetime, int]] = field(default_factory=dict)
    nights: dict[int, bytes] = field(default_factory=dict)
    """Those of runs of earlier releases that are not in the table."""
    claims: list[Claim] = field(default_factory=list)
    """Which checkpoints these runs found, in the order of the runs."""
    _continues: Continues | None = None
    wrong: list[str] = field(default_factory=list)
    """What no writer of ours would have written, in words."""

    def add(self, entry: Entry) -> None:
        """Take the next entry."""
        run = self.runs.get(entry.run)
        if run is None:
            run = self._begin(entry)
        elif run.state != RUNNING:
            self.wrong.append(f"entry {entry.seq} is of run {entry.run}, which had ended")
        run.head = entry.sha256
        self.last = (entry.seq, entry.sha256)
        if entry.kind in nights.KINDS:
            run.taken_up.append(entry)
        if entry.kind == _READING:
            self._move(entry)
        if entry.kind in _ENDS:
            self._end(run, entry)

    def running(self) -> list[Run]:
        """Those that have not ended: nobody else writes, so they were killed."""
        return [run for run in self.runs.values() if run.state == RUNNING]

    def _begin(self, entry: Entry) -> Run:
        of = None
        if entry.kind == STARTED:
            try:
                of = nights.of(entry.body)
                self._claim(entry)
            except UNREADABLE:
                self.wrong.append(f"entry {entry.seq} does not say what its run is of")
        else:
            self.wrong.append(f"entry {entry.seq} is of run {entry.run}, which had not begun")
        number = self.before + len(self.runs) + 1
        run = Run(
            number=number,
            first=entry.seq,
            of=of,
            checked=says_checked(entry.body),
            state=RUNNING,
            head="",
        )
        self.runs[entry.run] = run
        return run

    def _claim(self, entry: Entry) -> None:
        """What a run found counts where it ran: one that was taken over found another ledger."""
        if entry.seq == 1:
            self._continues = continued_by(entry.body)
        if is_carried(self.before + len(self.runs) + 1, self._continues):
            return
        found = found_by(entry.body)
        if found is not None and found.checkpoints is not None:
            self.claims.append(Claim(run=entry.run, size=found.runs, digest=found.checkpoints))

    def _end(self, run: Run, entry: Entry) -> None:
        run.state = _ENDS[entry.kind]
        if run.of is None:
            return
        body = nights.night(run.of, run.taken_up)
        run.night, run.taken_up = hashlib.sha256(body).digest(), []
        if run.number not in self.known and not run.checked:
            self.nights[run.number] = body

    def _move(self, entry: Entry) -> None:
        try:
            move = _MOVE.decode(entry.body)
            newest = high_water(move.reading)
        except UNREADABLE:
            self.wrong.append(f"entry {entry.seq} is no reading that can be read")
            return
        if newest is not None:
            of = (move.pilot, move.environment, move.source, move.dataset)
            self.cursors[of] = (newest, entry.seq)
