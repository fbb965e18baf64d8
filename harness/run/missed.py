"""Nights that were armed and did not run: the next run records each of them once, as NOT_RUN.

They are the nights between the last whole run and this one. What this one reads says nothing about
them (`harness/claims/nights.py`), so they stay gaps in all that rests on several nights.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import msgspec

from harness import tags
from harness.claims.nights import counted_from, date_in
from harness.ledger.body import decoded
from harness.ledger.ledger import Header, Ledger
from harness.result import MissedNight, RecordedMiss
from harness.run.config import Job, RunConfig
from harness.run.state import RunState
from harness.timetable import Schedule, due

WINDOW = timedelta(days=30)
"""How long a night that did not run is shown."""
_LONGEST = timedelta(days=366)
"""Of a longer gap, the nights of its last year."""
_RUNS = 400
"""How far back the last whole run is looked for."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An earlier run that was to judge something."""

    run: str
    night: date
    armed: bool
    """Whether nights were armed when it began."""
    lacks: str | None
    """Why its night counts as not run; None for a run that judged the whole plan."""


class _Started(msgspec.Struct):
    at: datetime
    planned: list[msgspec.Raw]
    due_at: datetime | None = None
    armed: list[str] = []
    job: str = Job.PROVE


class _Finished(msgspec.Struct):
    planned: int = 0


def record_missed(
    config: RunConfig, ledger: Ledger, state: RunState, started_at: datetime
) -> tuple[RecordedMiss, ...]:
    """Record what was missed since the last whole run; the nights of the last 30 that were, old
    and new.
    """
    loaded, header = config.loaded, config.header
    night = date_in(loaded.zone, counted_from(started_at, due_at=config.due_at or started_at))
    of = {"pilot": header.pilot, "environment": header.environment}
    known = list(misses_in(ledger, **of))
    reported = {(one.missed.schedule, one.missed.night) for one in known}
    new = [
        one
        for schedule in loaded.schedules
        if schedule.armed
        for one in missed(earlier_runs(ledger, header, schedule), schedule, night=night)
        if (one.schedule, one.night) not in reported
    ]
    state.record_missed(new)
    known += [RecordedMiss(**of, run=header.run, missed=one) for one in new]
    return tuple(one for one in known if night - WINDOW <= one.missed.night < night)


def missed(runs: Sequence[Begun], schedule: Schedule, *, night: date) -> list[MissedNight]:
    """The nights before `night` that were owed and have no whole run; `runs` are newest first, and
    end with the last whole one. Nothing is owed before the first run of an armed pilot.
    """
    if not schedule.armed or not runs:
        return []
    last = runs[-1]
    newest = {one.night: one for one in reversed(runs)}
    day = max(last.night if last.lacks else last.night + _DAY, night - _LONGEST)
    armed = newest[last.night].armed
    found: list[MissedNight] = []
    while day < night:
        one = newest.get(day)
        armed = armed if one is None else one.armed
        if armed:
            because = "no run began" if one is None else f"run {one.run} {one.lacks}"
            moment = due(schedule, day)
            found.append(
                MissedNight(schedule=schedule.name, night=day, due_at=moment, because=because)
            )
        day += _DAY
    return found


def earlier_runs(ledger: Ledger, now: Header, schedule: Schedule) -> list[Begun]:
    """The runs of a schedule's command before the run `now`, back to the last whole one, newest
    first; without those that judge nothing.
    """
    found: list[Begun] = []
    runs = ledger.runs(pilot=now.pilot, environment=now.environment)
    begun = (_begun(ledger, run, schedule) for run in runs if run != now.run)
    for one in islice(filter(None, begun), _RUNS):
        found.append(one)
        if one.lacks is None:
            break
    return found


def misses_in(ledger: Ledger, *, pilot: str, environment: str) -> Iterator[RecordedMiss]:
    """Every night that a run has recorded as missed, oldest first."""
    for entry in ledger.entries(kind=tags.MISSED):
        one = decoded(entry, RecordedMiss)
        if (one.pilot, one.environment) == (pilot, environment):
            yield one


def _begun(ledger: Ledger, run: str, schedule: Schedule) -> Begun | None:
    entry = next(ledger.entries(run=run, kind="started"))
    started = decoded(entry, _Started)
    if not started.planned or started.job != schedule.command:
        return None
    moment = counted_from(started.at, due_at=started.due_at or started.at)
    return Begun(
        run=run,
        night=date_in(ZoneInfo(schedule.zone), moment),
        armed=schedule.name in started.armed,
        lacks=_lacks(ledger, run, started),
    )


def _lacks(ledger: Ledger, run: str, started: _Started) -> str | None:
    """A look for drift owes one verdict a dataset and not the whole plan: it is to finish."""
    ended = next(ledger.entries(run=run, kind="finished"), None)
    if ended is None:
        return "did not finish"
    if started.job == Job.DRIFT:
        return None
    planned, owed = len(started.planned), decoded(ended, _Finished).planned
    return None if owed == planned else f"was asked for {planned} of {owed} verdicts"
