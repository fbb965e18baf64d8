"""Groups: whether each group of a promised column is fresh and brings its rows.

    readings of all nights ─ by group, by night ─▶ Finding: what is wrong, or what to add

A group is expected from the first night on which it came until the contract says that it ended.
Rows without a value are a group, too; that they are gone is no fault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from contracts.masking import show
from contracts.promises import Groups, Promises
from harness.claims import wording
from harness.claims.group_nights import Night, counted, due_nights
from harness.claims.measures import hours, measured
from harness.claims.readings import utc
from harness.claims.wording import count, duration, moment, number
from harness.facts import Reading
from harness.verdict import Outcome, Verdict

NAMED = 3
"""Groups or nights named in one sentence."""
NAMED_A_NIGHT = 2
"""Groups named of one night."""
MISSING = show(None, "public")
"""The name of rows without a value."""

IsTooOld: TypeAlias = Callable[[datetime], bool]
"""Whether an event is too old to be the newest one, by the promised lag and cadence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What groups add to a verdict."""

    outcome: Outcome
    """PROVEN where nothing is wrong with any group."""
    because: str
    """A sentence, or for PROVEN the end of one; empty where nothing is promised of groups."""
    observed: str = ""
    measures: Mapping[str, float] = field(default_factory=dict)


class Fault(StrEnum):
    """What is wrong with a group on one night; worst first."""

    GONE = "brought no row of"
    BELOW = "brought fewer rows than promised of"
    ABOVE = "brought more rows than promised of"


def weigh(whole: Verdict, judge: Callable[[], Finding]) -> Verdict:
    """The verdict on the whole, unless the groups make it worse. A whole that is BROKEN or could
    not be judged stays what it is.
    """
    if whole.outcome not in (Outcome.PROVEN, Outcome.UNPROVEN):
        return whole
    found = judge()
    match found.outcome:
        case Outcome.PROVEN:
            return replace(whole, because=_end(whole.because, found.because))
        case Outcome.UNPROVEN if whole.outcome is Outcome.UNPROVEN:
            return whole
        case _:
            worse = replace(
                whole, outcome=found.outcome, because=found.because, observed=found.observed
            )
            return measured(worse, found.measures)


def judge_ages(promises: Promises, taken: Sequence[Reading], is_too_old: IsTooOld) -> Finding:
    """BROKEN where a group's newest event of all readings is too old; the oldest is named."""
    promised = promises.groups
    if promised is None or promises.lag is None or promises.event_time is None or not taken:
        return _fine()
    latest = taken[-1]
    if why := _unknown(promised, latest):
        return why
    newest = _newest(promised, taken)
    here = {one.name for one in latest.groups.found} if latest.groups else set()
    ages = sorted((at, name) for name, at in newest.items() if at is not None)
    of = f"{count(len(newest), 'group')} of {wording.name(promised.by)}"
    if not newest:
        because = f"No group of {wording.name(promised.by)} has come yet."
        return Finding(
            outcome=Outcome.UNPROVEN,
            because=because,
            observed="no group",
            measures={"no group": 1},
        )
    old = [(at, name) for at, name in ages if is_too_old(at)]
    if old:
        told = [_aged(name, at, latest, gone=name not in here) for at, name in old]
        because = f"{number(len(old))} of {of} brought nothing new for too long: "
        because += f"{wording.first(told, at_most=NAMED)}. {_REMEDY}"
        oldest = utc(latest.started_at) - old[0][0]
        return Finding(
            outcome=Outcome.BROKEN,
            because=because,
            observed=f"{duration(oldest)} old",
            measures={
                "groups that brought nothing new": len(old),
                "hours since the oldest group's newest event": hours(oldest),
            },
        )
    if untold := [wording.name(name) for name, at in newest.items() if at is None]:
        because = f"{number(len(untold))} of {of} came without a time of an event "
        because += f"({wording.first(untold, at_most=NAMED)}): whether each is fresh is not known."
        return Finding(
            outcome=Outcome.UNPROVEN,
            because=because,
            observed="lag unknown",
            measures={"groups without a time of an event": len(untold)},
        )
    at, name = ages[0]
    return _fine(f"; of {of} the oldest is {_aged(name, at, latest, gone=name not in here)}")


def judge_rows(promises: Promises, taken: Sequence[Reading]) -> Finding:
    """BROKEN where a night brought too few or too many rows of a group, or none of one that was
    there before.
    """
    promised = promises.groups
    if promised is None or not taken:
        return _fine()
    if why := _unknown(promised, taken[-1]):
        return why
    ended, known, new = _ended(promised), dict[str, None](), list[str]()
    bad, n = list[tuple[Fault, date, list[str]]](), 0
    for night in due_nights(promises, taken):
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
        kinds = Counter(f"nights that {fault} a group" for fault, _, _ in bad)
        return Finding(outcome=Outcome.BROKEN, because=because, observed=observed, measures=kinds)
    groups = count(sum(name not in ended for name in known), "group")
    return _fine(f"; {groups} of {by}" + (f", {_names(new)} for the first time" if new else ""))


_REMEDY = "Ask the owner of the source; if a group ended, name it in Groups.ended."


def _end(sentence: str, more: str) -> str:
    return f"{sentence.removesuffix('.')}{more}." if more else sentence


def _fine(because: str = "") -> Finding:
    return Finding(outcome=Outcome.PROVEN, because=because)


def _unknown(promised: Groups, latest: Reading) -> Finding | None:
    """Why the groups of the latest reading are not known; None if they are."""
    found = latest.groups
    if found is None or found.by != promised.by:
        why = f"{wording.name(promised.by)} was not counted"
    elif found.why_not is not None:
        why = wording.message(found.why_not)
    elif (n := sum(one.rows for one in found.found)) != latest.rows:
        why = f"{count(latest.rows, 'row')} landed and {number(n)} were counted"
    else:
        return None
    because = f"The groups are not known: {why}."
    return Finding(
        outcome=Outcome.UNPROVEN,
        because=because,
        observed="groups unknown",
        measures={"groups unknown": 1},
    )


def _newest(promised: Groups, taken: Sequence[Reading]) -> dict[str, datetime | None]:
    """The newest event of each group that has not ended, in any reading. No event is newer than
    its reading: a wrong clock would hide all that follows.
    """
    ended, newest = _ended(promised), dict[str, datetime | None]()
    for reading, found in counted(promised, taken):
        for one in found.found:
            if one.name in ended or (one.name == MISSING and reading is not taken[-1]):
                continue
            at = one.newest_event_at and min(utc(one.newest_event_at), utc(reading.started_at))
            newest[one.name] = max(filter(None, (at, newest.get(one.name))), default=None)
    return newest


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
    return wording.first([wording.name(name) for name in names], at_most=NAMED_A_NIGHT)


def _aged(name: str, at: datetime, latest: Reading, *, gone: bool) -> str:
    age = duration(utc(latest.started_at) - at)
    where = ", gone" if gone else ""
    return f"{wording.name(name)}{where} (newest event {moment(at)}, {age} old)"
