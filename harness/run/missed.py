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
from harness.ledger.ledger import Ledger
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
    nightly: str | None = None
    job: Job = Job.PROVE


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
    runs = earlier_runs(ledger, **of, zone=loaded.zone, but=header.run)
    [nightly] = (one for one in loaded.schedules if one.name == "nightly")
    reported = {one.missed.night for one in known}
    new = [one for one in missed(runs, nightly, night=night) if one.night not in reported]
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
            found.append(MissedNight(night=day, due_at=due(schedule, day), because=because))
        day += _DAY
    return found


def earlier_runs(
    ledger: Ledger, *, pilot: str, environment: str, zone: ZoneInfo, but: str = ""
) -> list[Begun]:
    """The runs back to the last whole one, newest first; without `but`, and without those that
    judge nothing or read no rows.
    """
    found: list[Begun] = []
    runs = (run for run in ledger.runs(pilot=pilot, environment=environment) if run != but)
    for one in islice(filter(None, (_begun(ledger, run, zone) for run in runs)), _RUNS):
        found.append(one)
        if one.lacks is None:
            break
    return found


def misses_in(ledger: Ledger, *, pilot: str, environment: str) -> Iterator[RecordedMiss]:
    """Every night that a run has recorded as missed, oldest first."""
    for entry in ledger.entries(kind=tags.MISSED):
        one = msgspec.json.decode(entry.body, type=RecordedMiss, strict=False)
        if (one.pilot, one.environment) == (pilot, environment):
            yield one


def _begun(ledger: Ledger, run: str, zone: ZoneInfo) -> Begun | None:
    entry = next(ledger.entries(run=run, kind="started"))
    started = msgspec.json.decode(entry.body, type=_Started)
    if not started.planned or started.job is not Job.PROVE:
        return None
    return Begun(
        run=run,
        night=date_in(zone, counted_from(started.at, due_at=started.due_at or started.at)),
        armed=started.nightly is not None,
        lacks=_lacks(ledger, run, len(started.planned)),
    )


def _lacks(ledger: Ledger, run: str, planned: int) -> str | None:
    ended = next(ledger.entries(run=run, kind="finished"), None)
    if ended is None:
        return "did not finish"
    owed = msgspec.json.decode(ended.body, type=_Finished).planned
    return None if owed == planned else f"was asked for {planned} of {owed} verdicts"
