"""The census counted anew from the entries alone, by another hand than the one that wrote it.

planned nights = started + missed            of each schedule
started runs   = finished + failed + interrupted + running
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from harness.evidence.verify.chain import Run

PROVE = "prove"
JOBS = {"nightly": PROVE, "drift": "drift"}
"""The job that each schedule starts."""
BESIDE = "beside"
STATES = ("finished", "failed", "interrupted", "running")
_SIGNALS = {None, "KeyboardInterrupt", "SystemExit"}
EARLY, LATE = timedelta(minutes=5), timedelta(hours=12)
_DAY = timedelta(days=1)
_OLDEST, _NEWEST = 1970, 9000


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One run as the census counts it."""

    id: str
    job: str
    night: date
    state: str
    armed: tuple[str, ...]


def counted(run: Run, zone: str) -> Counted:
    """A run whose bodies are there, by its own time zone, or `zone` where it recorded none. Raises
    ValueError, KeyError or TypeError for no such body; ZoneInfoNotFoundError is a KeyError.
    """
    started = run.started or {}
    own = ZoneInfo(started.get("zone") or zone)
    began = moment(started["at"])
    due = moment(started.get("due_at", started["at"]))
    night = due if -EARLY <= began - due <= LATE else began
    return Counted(
        id=run.id,
        job=job(run),
        night=night.astimezone(own).date(),
        state=state(run),
        armed=tuple(started.get("armed", ())),
    )


def states(runs: Sequence[Counted]) -> Mapping[str, Counter[str]]:
    """How many runs of each job ended how."""
    found: dict[str, Counter[str]] = {job: Counter() for job in (*JOBS.values(), BESIDE)}
    for run in runs:
        found.setdefault(run.job, Counter())[run.state] += 1
    return found


def nights(
    runs: Sequence[Counted], *, first: date, last: date
) -> Iterator[tuple[str, date, tuple[str, ...]]]:
    """Each schedule, night and the runs that began on it: all nights that were owed, from the one
    on which the schedule was first seen armed. `runs` are all until the end of the window.
    """
    for schedule, job in JOBS.items():
        by_night: dict[date, list[Counted]] = {}
        for run in runs:
            if run.job == job:
                by_night.setdefault(run.night, []).append(run)
        day, armed = min(by_night, default=last + _DAY), False
        while day <= last:
            if here := by_night.get(day):
                armed = schedule in here[-1].armed
            if armed and day >= first:
                yield schedule, day, tuple(run.id for run in by_night.get(day, ()))
            day += _DAY


def job(run: Run) -> str:
    """Under which job a run is counted."""
    started = run.started or {}
    return str(started.get("job", PROVE)) if started.get("planned") else BESIDE


def state(run: Run) -> str:
    """How it ended."""
    if run.end is None:
        return "running"
    if run.end == "finished":
        return "finished"
    ended: Mapping[str, Any] = run.ended or {}
    if ended.get("noticed_by") or ended.get("by") in _SIGNALS:
        return "interrupted"
    return "failed"


def moment(text: str) -> datetime:
    """The time that an entry tells, in UTC. Raises ValueError where it is none of this age."""
    at = datetime.fromisoformat(text)
    if not _OLDEST <= at.year <= _NEWEST:  # others leave the calendar where zones are counted in
        raise ValueError(f"{text:.40} is no time of this age")
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
