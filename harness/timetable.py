"""When a night is due: one rule for whoever starts it and for everything that tells of it.

A schedule is armed in `pilot.yaml` or it starts nothing. It is due once on every date of the
pilot's zone, also where the clock is changed. What that night has is as Dagster has it: from 01:00
to 03:59 a time that does not exist is due at the end of the gap, and of a time that comes twice
the second is due. At any other hour it is due as on the clock before the change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_USUAL_HOURS = (1, 2, 3)
"""Those in which most zones change their clocks; Dagster looks for a change in no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """What is started every night, when, and whether at all."""

    name: str
    """Its key in `pilot.yaml`."""
    at: str
    """On the clock of `zone`, as `02:00`."""
    zone: str
    armed: bool
    job: str = "prove"
    """The job of Dagster that it starts."""
    command: str = "prove"
    """What that is on the command line, and in the ledger."""


def due(schedule: Schedule, day: date) -> datetime:
    """The moment (UTC) at which it is due on one date of its zone."""
    local = datetime.combine(day, time.fromisoformat(schedule.at), ZoneInfo(schedule.zone))
    if local.hour not in _USUAL_HOURS:
        return local.astimezone(UTC)
    return local.replace(fold=1).astimezone(UTC) if _exists(local) else _end_of_gap(local)


def next_due(schedule: Schedule, after: datetime) -> datetime:
    """The first moment (UTC) after `after` at which it is due, armed or not."""
    day = after.astimezone(ZoneInfo(schedule.zone)).date() - _DAY
    while (moment := due(schedule, day)) <= after.astimezone(UTC):
        day += _DAY
    return moment


def describe(schedule: Schedule, now: datetime) -> str:
    """Armed or not, and when next: the one sentence for terminal, page and report."""
    if not schedule.armed:
        write = f'{schedule.name}: {{at: "{schedule.at}", armed: true}}'
        return (
            "not armed: Seatrial starts nothing by itself; to have it start "
            f"{schedule.job} write {write} in pilot.yaml"
        )
    moment = next_due(schedule, now)
    local = moment.astimezone(ZoneInfo(schedule.zone))
    shown = local.replace(tzinfo=None).isoformat(" ", "minutes")
    utc = "" if schedule.zone == "UTC" else f" ({moment:%H:%M} UTC)"
    return f"armed: next due {shown} {schedule.zone}{utc}{_remark(schedule, local)}"


def describe_all(schedules: Iterable[Schedule], now: datetime) -> Iterator[tuple[str, str]]:
    """Each schedule's name with its sentence."""
    return ((one.name, describe(one, now)) for one in schedules)


def _remark(schedule: Schedule, local: datetime) -> str:
    """What is unusual about a night on which the clock is changed."""
    if f"{local:%H:%M}" != schedule.at:
        return f", for that night has no {schedule.at}"
    if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset():
        which = "second" if local.fold else "first"
        return f", the {which} {schedule.at} of that night"
    return ""


def _exists(local: datetime) -> bool:
    """Whether the clock of its zone ever shows it."""
    back = local.astimezone(UTC).astimezone(local.tzinfo)
    return back.replace(tzinfo=None) == local.replace(tzinfo=None)


def _end_of_gap(local: datetime) -> datetime:
    """The moment (UTC) at which the clock is set forward over a time that does not exist: PEP 495
    gives such a time both offsets, and the change lies between the two moments.
    """
    before, after = (local.replace(fold=fold).astimezone(UTC) for fold in (1, 0))
    offset = after.astimezone(local.tzinfo).utcoffset()
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(local.tzinfo).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)
