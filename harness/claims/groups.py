"""Groups: whether each group of a promised column is fresh and brings its rows, not only their sum.

    readings of all nights ─ by group, by night ─▶ Finding: what is wrong, or what to add

A group is expected from the first night on which it came until the contract says that it ended.
Rows without a value are a group, too; that they are gone is no fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

from contracts.masking import show
from contracts.promises import Groups, Promises
from harness.claims import wording
from harness.claims.nights import date_in, has_a_time, is_the_reading
from harness.claims.readings import utc
from harness.claims.wording import count, duration, moment, number
from harness.facts import Delivery, GroupsFound, Reading
from harness.verdict import Outcome

NAMED = 3
"""Groups or nights named in one sentence."""
WINDOW = timedelta(days=366)
"""Nights longer ago say little about the next one."""
MISSING = show(None, "public")
"""The name of rows without a value."""
_DAY = timedelta(days=1)

IsTooOld: TypeAlias = Callable[[datetime], bool]
"""Whether an event is too old to be the newest one, by the promised lag and cadence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What groups add to a verdict."""

    outcome: Outcome
    """PROVEN where nothing is wrong with any group."""
    because: str
    """A sentence, or for PROVEN the end of one; empty where no groups are promised."""
    observed: str = ""


class Fault(StrEnum):
    """What is wrong with a group on one night; worst first."""

    GONE = "brought no row of"
    BELOW = "brought fewer rows than promised of"
    ABOVE = "brought more rows than promised of"


@dataclass(slots=True, kw_only=True)
class Night:
    """All that came for one day."""

    day: date
    is_reading: bool
    """Whether it is a reading of ours, of a source without files."""
    files: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    """Of each group, in all files."""
    most: dict[str, int] = field(default_factory=dict)
    """Of each group, in one file: the same may have been sent again."""


def judge_ages(promises: Promises, taken: Sequence[Reading], is_too_old: IsTooOld) -> Finding:
    """BROKEN where a group's newest event of all readings is too old; the oldest group is named."""
    promised, latest = promises.groups, taken[-1]
    if promised is None:
        return _fine()
    if why := _unknown(promised, latest):
        return why
    newest = _newest(promised, taken)
    here = {one.name for one in latest.groups.found} if latest.groups else set()
    ages = sorted((at, name) for name, at in newest.items() if at is not None)
    of = f"{count(len(newest), 'group')} of {wording.name(promised.by)}"
    old = [(at, name) for at, name in ages if is_too_old(at)]
    if old:
        told = [_aged(name, at, latest, gone=name not in here) for at, name in old]
        because = f"{number(len(old))} of {of} brought nothing new for too long: "
        because += f"{wording.first(told, at_most=NAMED)}. {_REMEDY}"
        oldest = duration(utc(latest.started_at) - old[0][0])
        return Finding(outcome=Outcome.BROKEN, because=because, observed=f"{oldest} old")
    if untold := [wording.name(name) for name, at in newest.items() if at is None]:
        because = f"{number(len(untold))} of {of} came without a time of an event "
        because += f"({wording.first(untold, at_most=NAMED)}): whether each is fresh is not known."
        return Finding(outcome=Outcome.UNPROVEN, because=because, observed="lag unknown")
    at, name = ages[0]
    return _fine(f"; of {of} the oldest is {_aged(name, at, latest, gone=name not in here)}")


def judge_rows(promises: Promises, taken: Sequence[Reading]) -> Finding:
    """BROKEN where a night brought too few or too many rows of a group, or none of one that was
    there before.
    """
    promised = promises.groups
    if promised is None:
        return _fine()
    if why := _unknown(promised, taken[-1]):
        return why
    ended, known, new = _ended(promised), dict[str, None](), list[str]()
    bad, n = list[tuple[Fault, date, list[str]]](), 0
    for night in _due_nights(promises, taken):
        n += 1
        expected = [name for name in (known | night.rows) if name not in ended]
        faults = [(fault, name) for name in expected if (fault := _fault(promised, night, name))]
        if faults:
            worst = min((fault for fault, _ in faults), key=_severity)
            bad.append((worst, night.day, [name for fault, name in faults if fault is worst]))
        new = [name for name in night.rows if name not in known and n > 1]
        known |= dict.fromkeys(name for name in night.rows if name != MISSING)
    by = wording.name(promised.by)
    if bad:
        bad.sort(key=lambda one: (_severity(one[0]), -one[1].toordinal()))
        told = [f"{wording.weekday(day)} {fault} {_names(some)}" for fault, day, some in bad]
        because = f"{count(len(bad), 'bad night')} of {number(n)} by {by}: "
        because += f"{wording.first(told, at_most=NAMED)}. {_REMEDY}"
        observed = f"{number(n - len(bad))} of {count(n, 'night')} good by {by}"
        return Finding(outcome=Outcome.BROKEN, because=because, observed=observed)
    groups = count(sum(name not in ended for name in known), "group")
    return _fine(f"; {groups} of {by}" + (f", {_names(new)} for the first time" if new else ""))


_REMEDY = "Ask the owner of the source; if a group ended, name it in Groups.ended."


def _fine(because: str = "") -> Finding:
    return Finding(outcome=Outcome.PROVEN, because=because)


def _unknown(promised: Groups, latest: Reading) -> Finding | None:
    """Why the groups of the latest reading are not known; None if they are."""
    found = latest.groups
    if found is None or found.by != promised.by:
        why = f"{wording.name(promised.by)} was not counted"
    elif found.why_not is not None:
        why = wording.message(found.why_not)
    elif not found.found:
        why = f"no row came, so no group of {wording.name(promised.by)}"
    else:
        return None
    because = f"The groups are not known: {why}."
    return Finding(outcome=Outcome.UNPROVEN, because=because, observed="groups unknown")


def _counted(promised: Groups, taken: Iterable[Reading]) -> Iterator[tuple[Reading, GroupsFound]]:
    """The readings whose groups are known."""
    for reading in taken:
        found = reading.groups
        if reading.failure is None and found is not None and found.by == promised.by:
            yield reading, found


def _newest(promised: Groups, taken: Sequence[Reading]) -> dict[str, datetime | None]:
    """The newest event of each group that has not ended, in any reading. No event is newer than
    its reading: a wrong clock would hide all that follows.
    """
    ended, newest = _ended(promised), dict[str, datetime | None]()
    for reading, found in _counted(promised, taken):
        for one in found.found:
            if one.name in ended or (one.name == MISSING and reading is not taken[-1]):
                continue
            at = one.newest_event_at and min(utc(one.newest_event_at), utc(reading.started_at))
            newest[one.name] = max(filter(None, (at, newest.get(one.name))), default=None)
    return newest


def _due_nights(promises: Promises, taken: Sequence[Reading]) -> Iterator[Night]:
    """The nights in order, but for one whose files are still coming: it is not over, and has fewer
    than the one before it.
    """
    last_over, before = _last_over(promises, taken[-1]), 0
    nights = list(_nights(promises, taken))
    first = max((night.day.toordinal() for night in nights), default=1) - WINDOW.days
    for night in nights:
        is_coming = not night.is_reading and night.day > last_over and night.files < before
        if not is_coming and night.day.toordinal() >= first:
            yield night
        before = night.files


def _nights(promises: Promises, taken: Sequence[Reading]) -> Iterator[Night]:
    """What came, by day, or by delivery where several are due a day. Of a file that was replaced
    under its name, the newest content counts.
    """
    promised = promises.groups
    if promised is None:
        return
    once = {
        delivery.name: (delivery, reading, found)
        for reading, found in _counted(promised, taken)
        if found.why_not is None
        for delivery in reading.deliveries
        if delivery.day is not None and delivery.rows > 0 and has_a_time(delivery, reading)
    }
    by_key: dict[date | str, Night] = {}
    for delivery, reading, found in sorted(once.values(), key=lambda each: _in_order(each[0])):
        assert delivery.day is not None
        key = delivery.name if _several_a_day(promises) else delivery.day
        own = is_the_reading(delivery, reading)
        night = by_key.setdefault(key, Night(day=delivery.day, is_reading=own))
        night.files += 1
        for name, rows in _rows(delivery, found, own=own).items():
            night.rows[name] = night.rows.get(name, 0) + rows
            night.most[name] = max(night.most.get(name, 0), rows)
    yield from by_key.values()


def _in_order(delivery: Delivery) -> tuple[date, datetime, str]:
    return delivery.day or date.min, utc(delivery.available_at), delivery.name


def _rows(delivery: Delivery, found: GroupsFound, *, own: bool) -> Mapping[str, int]:
    """The rows of each group in a delivery, without groups that it has no row of."""
    counts = [one.rows for one in found.found] if own else delivery.group_rows
    pairs = zip(found.found, counts, strict=False)
    return {one.name: rows for one, rows in pairs if rows > 0}


def _several_a_day(promises: Promises) -> bool:
    return promises.cadence is not None and promises.cadence < _DAY


def _last_over(promises: Promises, latest: Reading) -> date:
    """The last day that had ended at least the promised lag before the reading began."""
    try:
        over = utc(latest.started_at) - (promises.lag or timedelta())
        return date_in(ZoneInfo(promises.zone), over) - _DAY
    except OverflowError:  # before the first day there is
        return date.min


def _fault(promised: Groups, night: Night, name: str) -> Fault | None:
    rows, volume = night.rows.get(name, 0), promised.volume
    if rows < volume.minimum:
        return Fault.BELOW if rows > 0 else Fault.GONE
    if volume.maximum is not None and night.most.get(name, 0) > volume.maximum:
        return Fault.ABOVE
    return None


def _severity(fault: Fault) -> int:
    return list(Fault).index(fault)


def _ended(promised: Groups) -> frozenset[str]:
    return frozenset(show(value, "public") for value in promised.ended)


def _names(names: Sequence[str]) -> str:
    return wording.first([wording.name(name) for name in names], at_most=NAMED)


def _aged(name: str, at: datetime, latest: Reading, *, gone: bool) -> str:
    age = duration(utc(latest.started_at) - at)
    where = ", gone" if gone else ""
    return f"{wording.name(name)}{where} (newest event {moment(at)}, {age} old)"
