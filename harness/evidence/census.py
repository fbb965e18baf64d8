"""The census of a window: every night that was owed, and every run that began; pure.

    planned nights = started + missed            of each schedule
    started runs   = finished + failed + interrupted + running

The nights come from the calendar and from what was armed, and never from the runs that are there:
a night whose run was left out is shown as missed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from harness.evidence.runs import EvidenceRun, State
from harness.run.config import Job

JOBS: Mapping[str, str] = {"nightly": Job.PROVE, "drift": Job.DRIFT}
"""The job that each schedule of `pilot.yaml` starts."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One night on which a schedule was to start a run."""

    schedule: str
    night: date
    runs: tuple[str, ...]
    """Those that began on it; empty if it was missed."""

    @property
    def missed(self) -> bool:
        """Whether no run began."""
        return not self.runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """The runs of one job, by how they ended."""

    job: str
    """`prove`, `drift`, or `beside`: what only records a person's word."""
    started: int
    by_state: Mapping[State, int]
    """Every state, be it 0. They add up to `started`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """All nights and all runs of a window: nothing is left out."""

    nights: tuple[Night, ...]
    """By schedule, oldest first. Empty if none was armed: then nobody knows what was owed."""
    runs: tuple[Runs, ...]

    @property
    def planned(self) -> int:
        """Nights that were owed."""
        return len(self.nights)

    @property
    def missed(self) -> int:
        """Those on which no run began."""
        return sum(one.missed for one in self.nights)

    @property
    def started(self) -> int:
        """Those on which one began."""
        return self.planned - self.missed


BESIDE = "beside"


def census(
    runs: Sequence[EvidenceRun], *, first: date, last: date, taken_over: Collection[str] = ()
) -> Census:
    """The census from `first` to `last`. `runs` are all of the pilot until then, oldest first,
    as what was armed before the window is still armed in it. Those that were taken over of an
    archive are counted there.
    """
    inside = [
        one for one in runs if first <= one.night <= last and one.header.run not in taken_over
    ]
    return Census(
        nights=tuple(
            night for schedule in JOBS for night in _nights(schedule, runs, first=first, last=last)
        ),
        runs=tuple(
            _count(job, [one for one in inside if job_of(one) == job]) for job in (*Job, BESIDE)
        ),
    )


def job_of(run: EvidenceRun) -> str:
    """Under which job it is counted."""
    return run.job if run.judges else BESIDE


def _count(job: str, runs: Sequence[EvidenceRun]) -> Runs:
    states = [one.state for one in runs]
    return Runs(
        job=job, started=len(runs), by_state={state: states.count(state) for state in State}
    )


def _nights(
    schedule: str, runs: Iterable[EvidenceRun], *, first: date, last: date
) -> Iterator[Night]:
    """Every night from the one on which it was first seen armed, as long as it was."""
    own: dict[date, list[EvidenceRun]] = {}
    for run in runs:
        if job_of(run) == JOBS[schedule]:
            own.setdefault(run.night, []).append(run)
    day, armed = min(own, default=last + _DAY), False
    while day <= last:
        here = own.get(day, [])
        armed = schedule in here[-1].armed if here else armed
        if armed and day >= first:
            ids = tuple(one.header.run for one in here)
            yield Night(schedule=schedule, night=day, runs=ids)
        day += _DAY
