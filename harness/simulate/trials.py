"""Runs the virtual calendar: once as it should be, then with one fault at a time.

Each fault is planted in a calendar of its own, at a delivery or night drawn by chance: two in one
calendar would hide each other, for a claim that is broken does not ring again.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random

from harness.claims import arrives, complete, conforms, fresh, stable_schema, stable_values
from harness.claims.judge import judge_dataset
from harness.facts import Fact, Reading
from harness.simulate import values
from harness.simulate.dues import DAY
from harness.simulate.faults import Fault
from harness.simulate.feed import moments, sent
from harness.simulate.night import Seen, evaluation, reading
from harness.simulate.planting import plant, see
from harness.simulate.subject import Subject
from harness.verdict import Outcome, Verdict

PLANTED = 60
"""Faults of each kind: of 60 that ring, at least 95 % do, with 95 % confidence."""
SHOWN = 10
"""Of a kind for which nothing is promised: they show that it cannot ring."""
RECENT = 100
"""Nights before a fault that it meets at most: a rare delivery's whole history takes minutes."""
WARM = 5
"""Nights before the first fault."""
_LONG = 45
"""Nights within which what goes on must ring: `fresh` counts shares, of a long history slowly."""
_RINGING = (Outcome.BROKEN, Outcome.ERROR)
_HISTORY = (arrives.CLAIM.name, fresh.CLAIM.name)
_COLUMNS = (stable_schema.CLAIM.name, conforms.CLAIM.name)
_VALUES = (stable_values.CLAIM.name,)
_WATCHED: Mapping[Fault, tuple[str, ...]] = {
    **dict.fromkeys((Fault.RENAMED, Fault.REMOVED, Fault.ADDED, Fault.NARROWED), _COLUMNS),
    Fault.DRIFT: _VALUES,
    Fault.FAILED: (complete.CLAIM.name, *_HISTORY),
}
_GOES_ON = (Fault.LATE, Fault.STILL, Fault.AHEAD)
_AT_ONCE = (Fault.FAILED, *(fault for fault, watched in _WATCHED.items() if watched != _HISTORY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Clean:
    """The calendar without a fault."""

    subject: Subject
    now: Sequence[datetime]
    """When each night is read."""
    seen: Seen
    readings: Sequence[Reading]
    rang: Sequence[frozenset[str]]
    """The claims that rang on each night, all of them by mistake."""
    proven: Mapping[str, int]
    """After how many nights each claim was first proven."""
    unproven: Mapping[str, Verdict]
    """What the last night said of each claim that never was."""

    @property
    def is_loud(self) -> bool:
        """Whether something rings on most nights: no fault would be heard."""
        return sum(map(bool, self.rang)) > len(self.rang) / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang:
    """What came of one kind of fault."""

    fault: Fault
    planted: int
    delays: tuple[int, ...]
    """Nights from when it could be seen first until it rang, of each that rang; in order."""
    by: Counter[str] = field(default_factory=Counter)
    """Which claims rang first."""


def run_clean(subject: Subject, chance: Random) -> Clean:
    """Every night of a source that keeps its promises."""
    now = moments(subject)
    seen = see(subject, sent(subject, chance))
    taken: list[Reading] = []
    rang: list[frozenset[str]] = []
    proven: dict[str, int] = {}
    last: dict[str, Verdict] = {}
    for n in range(subject.nights):
        one = reading(seen, subject.first + n * DAY, now[n])
        if one is not None:
            taken.append(one)
        last = dict(_judge_all(seen, _facts(subject, taken), chance))
        rang.append(frozenset(c for c, verdict in last.items() if verdict.outcome in _RINGING))
        for claim, verdict in last.items():
            if verdict.outcome is Outcome.PROVEN:
                proven.setdefault(claim, n + 1)
    unproven = {claim: verdict for claim, verdict in last.items() if claim not in proven}
    return Clean(
        subject=subject,
        now=now,
        seen=seen,
        readings=taken,
        rang=rang,
        proven=proven,
        unproven=unproven,
    )


def run_planted(clean: Clean, fault: Fault, chance: Random, planted: int = PLANTED) -> Rang:
    """So many faults of one kind, each in a calendar of its own."""
    can = places(clean, fault)
    drawn = [chance.choice(can) for _ in range(planted)] if can else []
    return plant_all(clean, fault, drawn, chance)


def plant_all(
    clean: Clean, fault: Fault, drawn: Sequence[tuple[int, int]], chance: Random
) -> Rang:
    """A fault at each of those places, one calendar for each."""
    delays, by = list[int](), Counter[str]()
    for n, night in drawn:
        for delay, rang in _nights_after(clean, fault, n, night, chance):
            if rang:
                delays.append(delay)
                by.update(rang)
                break
    return Rang(fault=fault, planted=len(drawn), delays=tuple(sorted(delays)), by=by)


def places(clean: Clean, fault: Fault) -> list[tuple[int, int]]:
    """Where a fault can be planted: at which delivery, and the night that would see it first."""
    last = len(clean.now) - patience(clean.subject, fault) - 1
    return [
        (n, night)
        for n, at in enumerate(clean.seen.at)
        if n and WARM <= (night := bisect_left(clean.now, at)) <= last
    ]


def _nights_after(
    clean: Clean, fault: Fault, n: int, night: int, chance: Random
) -> Iterator[tuple[int, frozenset[str]]]:
    """Each night from then on, with the claims that ring now and did not without the fault."""
    subject = clean.subject
    seen = plant(fault, clean.seen, n, chance)
    taken = [*clean.readings[max(0, night - RECENT) : night]]
    watched = _WATCHED.get(fault, _HISTORY)
    for delay in range(patience(subject, fault) + 1):
        at = night + delay
        if fault is Fault.UNREAD and not delay:
            continue
        one = reading(seen, subject.first + at * DAY, clean.now[at])
        if one is not None:
            taken.append(one)
        facts = _facts(subject, taken)
        if fault is Fault.DRIFT:
            said = dict(_judge_values(seen, facts, chance, has_drifted=True))
        else:
            said = {claim: _judge(claim, seen, facts) for claim in watched}
        rings = frozenset(c for c, verdict in said.items() if verdict.outcome in _RINGING)
        yield delay, rings - clean.rang[at]


def patience(subject: Subject, fault: Fault) -> int:
    """Nights within which a fault must ring: two deliveries later it is an old one."""
    if fault in _AT_ONCE:
        return 0
    if fault is Fault.UNREAD:
        return 1
    due = (2 * subject.gaps.longest + (subject.promises.lag or timedelta())) // DAY + 2
    return max(due, _LONG) if fault in _GOES_ON else due


def _facts(subject: Subject, taken: Sequence[Reading]) -> list[Fact]:
    """Files are all still there, so the latest reading of them tells all that earlier ones did."""
    return [*taken[-1 if subject.is_files else -subject.history :]]


def _judge_all(seen: Seen, facts: Sequence[Fact], chance: Random) -> Iterator[tuple[str, Verdict]]:
    for claim in (complete.CLAIM.name, *_COLUMNS, *_HISTORY):
        yield claim, _judge(claim, seen, facts)
    yield from _judge_values(seen, facts, chance, has_drifted=False)


def _judge(claim: str, seen: Seen, facts: Sequence[Fact]) -> Verdict:
    if claim in _HISTORY:
        return judge_dataset(claim, seen.subject.promises, facts)
    given = [*facts[-1:]]  # the others look at nothing earlier
    latest = given[0] if given else None
    if isinstance(latest, Reading) and claim == conforms.CLAIM.name and not latest.failure:
        given.append(evaluation(seen, latest))
    if claim == stable_schema.CLAIM.name and seen.subject.baseline:
        given.append(seen.subject.baseline)
    return judge_dataset(claim, seen.subject.promises, given)


def _judge_values(
    seen: Seen, facts: Sequence[Fact], chance: Random, *, has_drifted: bool
) -> Iterator[tuple[str, Verdict]]:
    """The night's values, as many as the reference has."""
    pinned, claim = seen.subject.reference, stable_values.CLAIM.name
    if pinned is None:
        yield claim, judge_dataset(claim, seen.subject.promises, facts)
        return
    base = values.drift(pinned.profile, chance) if has_drifted else pinned.profile
    found = values.draw(base, chance)
    latest = [_with_rows(fact, found.rows) for fact in facts[-1:]]
    yield claim, judge_dataset(claim, seen.subject.promises, [*latest, pinned, found])


def _with_rows(fact: Fact, rows: int) -> Fact:
    if not isinstance(fact, Reading) or fact.witness is None:
        return fact
    return replace(fact, rows=rows, witness=replace(fact.witness, declared=rows))
