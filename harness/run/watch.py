"""What is known of a task while a child does it: what is left, and since when it is at that.

It hears every message before anybody believes it: what is not the next that can come is Garbage.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec import structs

from contracts.promises import Contract
from harness.box.frames import Garbage
from harness.clock import Clock
from harness.facts import Declaration, Failure, Probed
from harness.limits import HOUR, MOST_ANSWERS, Limits
from harness.run.asking import Asking
from harness.run.recorder import Recorder
from harness.run.sums import Sums
from harness.run.task import (
    AskColumns,
    Asked,
    Columns,
    Count,
    Counted,
    Done,
    Happened,
    Message,
    Read,
    Stage,
    Task,
    ToRead,
)

_MOST = sys.maxsize
_NONE = Limits(rows=_MOST, bytes=_MOST, pages=_MOST, hours=_MOST)


class Watch:
    """One task, from its first child to its last."""

    def __init__(self, task: Task, contracts: Mapping[str, Contract], *, clock: Clock) -> None:
        self.rest: Task | None = task if isinstance(task, Count) else _unless_empty(task)
        """What is still to be done; None when all was told."""
        self._contracts = contracts
        self._clock = clock
        self.begin()

    def begin(self) -> None:
        """A child begins with what is left."""
        self._since = time.monotonic()
        self._probe = Sums()
        self._recorder = self._record(self.rest)
        self._asking = self._ask(self.rest)

    @property
    def deadline(self) -> float:
        """When the child has been at it for too long, on the monotonic clock."""
        assert self.rest is not None
        return self._since + self.rest.limits.hours * HOUR

    def hear(self, message: Message) -> None:
        """Take a message. Raises Garbage for one that cannot come now."""
        match self.rest, message:
            case Count(), Counted():
                self.rest = None
            case Read(probe=True), Stage(dataset=None, stage="probing"):
                pass
            case Read(probe=True), Happened(dataset=None, event=event):
                self._probe.add(event)
            case Read(probe=True) as rest, Asked(probed=probed) if probed.source == rest.source:
                self._go_on(structs.replace(rest, probe=False))
            case AskColumns() as rest, _ if self._asking is not None:
                self._hear_asking(rest, self._asking, message)
            case Read(probe=False, datasets=(at, *_)) as rest, _ if self._recorder is not None:
                self._hear_reading(rest, at, self._recorder, message)
            case _:
                raise Garbage

    def failed(self, failure: Failure) -> Message:
        """What it comes to that the child could not go on with what it was at. Nothing of that
        stays.
        """
        rest = self.rest
        if isinstance(rest, Read) and rest.probe:
            self._go_on(structs.replace(rest, probe=False))
            return Asked(
                probed=Probed(
                    source=rest.source,
                    probes=(),
                    failure=failure,
                    attempts=len(self._probe.answers),
                    overloads=self._probe.refusals_for_number(),
                )
            )
        if isinstance(rest, Read):
            assert self._recorder is not None
            reading = self._recorder.reading(None, failure)
            _, *others = rest.datasets
            for left in rest.datasets:  # it may have gone on before it was killed
                Path(left.into).unlink(missing_ok=True)
            self._go_on(structs.replace(rest, datasets=tuple(others)))
            return Done(reading=reading)
        if isinstance(rest, AskColumns):
            assert self._asking is not None
            declaration = self._asking.fact(None, failure)
            self._go_on(structs.replace(rest, datasets=rest.datasets[1:]))
            return Columns(declaration=declaration)
        self.rest = None
        return Counted(found=None, failure=failure)

    def _hear_asking(self, rest: AskColumns, asking: Asking, message: Message) -> None:
        at = asking.dataset
        match message:
            case Stage(dataset=dataset, stage="asking") if dataset == at:
                pass
            case Happened(dataset=dataset, event=event) if dataset == at:
                asking.sums.add(event)
            case Columns(declaration=one) if _is_about(one, rest, asking):
                self._go_on(structs.replace(rest, datasets=rest.datasets[1:]))
            case _:
                raise Garbage

    def _hear_reading(self, rest: Read, at: ToRead, recorder: Recorder, message: Message) -> None:
        match message:
            case Stage(dataset=at.dataset, stage="reading", rows=rows) if rows:
                recorder.landed(max(0, rows - recorder.sums.rows), 0)
            case Stage(dataset=at.dataset, stage="reading"):
                self._since = time.monotonic()
                self._recorder = self._record(rest)
            case Stage(dataset=at.dataset, stage="judging"):
                pass
            case Happened(dataset=at.dataset, event=event):
                recorder.emit(event)
            case Done() if _is_of(message, rest, at):
                self._go_on(structs.replace(rest, datasets=rest.datasets[1:]))
            case _:
                raise Garbage

    def _go_on(self, rest: Read | AskColumns) -> None:
        self.rest = _unless_empty(rest)
        self._since = time.monotonic()
        self._recorder = self._record(self.rest)
        self._asking = self._ask(self.rest)

    def _ask(self, rest: Task | None) -> Asking | None:
        """The asking that the child is at, which it may not live to tell."""
        if not isinstance(rest, AskColumns):
            return None
        return Asking(
            source=rest.source,
            dataset=rest.datasets[0],
            slot=rest.slot,
            since=rest.since,
            zone=ZoneInfo(rest.zone),
            clock=self._clock,
        )

    def _record(self, rest: Task | None) -> Recorder | None:
        """A recorder of what the child is at, for the reading that it may not live to tell."""
        if not isinstance(rest, Read) or not rest.datasets:
            return None
        return Recorder(
            source=rest.source,
            contract=self._contracts[rest.datasets[0].dataset],
            slot=rest.slot,
            clock=self._clock,
            since=rest.since,
            zone=ZoneInfo(rest.zone),
            limits=_NONE,  # the child's own recorder keeps them, and says so
        )


def _unless_empty(rest: Read | AskColumns) -> Read | AskColumns | None:
    is_to_probe = isinstance(rest, Read) and rest.probe
    return rest if is_to_probe or rest.datasets else None


def _is_about(one: Declaration, rest: AskColumns, asking: Asking) -> bool:
    """Whether it is of the dataset that was asked for, and declares, fails or says why not. The
    child counted as many answers as were heard, and no more than may be.
    """
    named = (one.source, one.dataset, one.slot)
    told = [said for said in (one.declared, one.needs_rows, one.failure) if said is not None]
    heard = len(asking.sums.answers)
    few = heard <= MOST_ANSWERS or one.failure is not None
    return (
        named == (rest.source, asking.dataset, rest.slot)
        and len(told) == 1
        and one.attempts == heard
        and few
    )


def _is_of(done: Done, rest: Read, at: ToRead) -> bool:
    """Whether it is about the dataset that was asked for, with what was asked of it."""
    reading = done.reading
    named = (reading.source, reading.dataset, reading.slot)
    counted, profiled = done.evaluation, done.profile
    whole = reading.failure is None
    return (
        named == (rest.source, at.dataset, rest.slot)
        and (reading.sha256 is not None) == whole
        and (counted is not None) == (whole and at.evaluate)
        and (profiled is not None) == (whole and at.profile is not None)
        and (counted is None or counted.dataset == at.dataset)
        and (profiled is None or at.profile is None or profiled.dataset == at.profile.dataset)
    )
