"""The first page of every report: what must happen, by whom and until when; pure.

    judged, who answers for each source ─ tasks ─▶ one task for each verdict in the way ─ desks ─▶
    the tasks of one owner, alike ones as one work

A verdict that was excused is a task, too: until its end it must be mended or signed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from harness.claims import arrives
from harness.claims.claim import Who
from harness.facts import Fact, Register
from harness.report.summary import WORST_FIRST, where
from harness.report.words import instant
from harness.report.work import work
from harness.result import Judged
from harness.verdict import Outcome

NIGHTS, DELIVERIES = "nights still needed", "deliveries still needed"
"""What a verdict that lacks nothing but time measures."""
NOBODY = "Nobody named"
"""Who answers for a source without an owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What must come of one verdict."""

    owner: str
    """By whom, in words."""
    what: str
    """What must happen: one sentence."""
    by_when: str
    """Until when, in words: for what must be mended the next night, which looks again."""
    where: str
    """As `crm.customers`."""
    claim: str
    outcome: Outcome
    anchor: str
    """Of the verdict, on the same page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The same thing to be done about several verdicts until the same day."""

    what: str
    by_when: str
    tasks: tuple[Task, ...]
    """Worst first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """All that one owner is to do."""

    owner: str
    reach: tuple[str, ...]
    """Who stands in and who is told next, each once."""
    works: tuple[Work, ...]
    """Worst first."""


def anchor(place: int) -> str:
    """The id on the page of the verdict at this place of the plan, counted from 0."""
    return f"verdict-{place + 1}"


def registers(facts: Iterable[Fact]) -> dict[str, Register]:
    """Who answers for each source: the last that was recorded."""
    return {fact.source: fact for fact in facts if isinstance(fact, Register)}


def tasks(
    judged: Sequence[Judged], owners: Mapping[str, Register], *, night: date
) -> tuple[Task, ...]:
    """A task for each verdict that is not PROVEN, worst first. `judged` is in the plan's order,
    `night` the one that was judged last.
    """
    waits = _waits(judged)
    found = [
        _task(one, owners.get(one.planned.source), anchor(place), night, waits[place])
        for place, one in enumerate(judged)
        if one.outcome is not Outcome.PROVEN
    ]
    return tuple(sorted(found, key=lambda one: WORST_FIRST.index(one.outcome)))


def desks(found: Sequence[Task], owners: Mapping[str, Register]) -> tuple[Desk, ...]:
    """The tasks by owner. Whoever has the worst comes first, and whoever has named nobody."""
    names = dict.fromkeys(one.owner for one in found)
    return tuple(
        Desk(
            owner=name,
            reach=_reach(one for one in owners.values() if _who(one) == name),
            works=_works([one for one in found if one.owner == name]),
        )
        for name in names
    )


def nights_left(judged: Sequence[Judged], *, night: date) -> str:
    """How long it takes at least until all can be proven, in one sentence; empty if no verdict
    lacks nights. Nights and work pass side by side, so the longest wait counts.
    """
    longest = max(_waits(judged), default=0)
    return f"{_more(longest)}: {_day(night, longest)} at the earliest." if longest else ""


def _task(judged: Judged, register: Register | None, name: str, night: date, lacking: int) -> Task:
    todo = work(judged)
    return Task(
        owner=Who.ENGINEERING if todo.who is Who.ENGINEERING else _who(register),
        what=f"{todo.what} {_more(lacking)}." if lacking else todo.what,
        by_when=_by_when(judged, night, lacking),
        where=where(judged.planned),
        claim=judged.planned.claim,
        outcome=judged.outcome,
        anchor=name,
    )


def _by_when(judged: Judged, night: date, lacking: int) -> str:
    if judged.outcome is Outcome.WAIVED and judged.excuse is not None:
        return f"until {instant(judged.excuse.until)}"
    return f"{_day(night, lacking)} at the earliest" if lacking else f"until {_day(night, 1)}"


def _waits(judged: Sequence[Judged]) -> list[int]:
    """For each verdict the good nights that it still lacks; 0 if it lacks something else. Where
    deliveries lack, as many come on a night as came so far on one that was judged.
    """
    nights = {
        (one.planned.source, one.planned.dataset): one.verdict.n
        for one in judged
        if one.planned.claim == arrives.CLAIM.name
    }
    return [
        _lacking(one, nights.get((one.planned.source, one.planned.dataset), 0)) for one in judged
    ]


def _lacking(judged: Judged, nights: int) -> int:
    if judged.outcome is not Outcome.UNPROVEN:
        return 0
    found = {one.what: one.value for one in judged.verdict.measures}
    if NIGHTS in found:
        return ceil(found[NIGHTS])
    a_night = max(1.0, judged.verdict.n / nights) if nights else 1.0
    return ceil(found.get(DELIVERIES, 0) / a_night)


def _more(nights: int) -> str:
    return "1 more good night" if nights == 1 else f"{nights:,} more good nights"


def _day(night: date, nights: int) -> str:
    """`28 December 2026`. More nights than a calendar has are its last day."""
    try:
        day = night + timedelta(days=nights)
    except OverflowError:
        day = date.max
    return f"{day.day} {day:%B} {day.year}"


def _who(register: Register | None) -> str:
    return (register and register.owner) or NOBODY


def _reach(found: Iterable[Register]) -> tuple[str, ...]:
    said: dict[str, None] = {}
    for register in found:
        if register.deputy:
            said[f"deputy {register.deputy}"] = None
        if register.escalation:
            said[f"then {register.escalation}"] = None
    return tuple(said)


def _works(found: Sequence[Task]) -> tuple[Work, ...]:
    keys = dict.fromkeys((one.what, one.by_when) for one in found)
    return tuple(
        Work(
            what=what,
            by_when=until,
            tasks=tuple(one for one in found if (one.what, one.by_when) == (what, until)),
        )
        for what, until in keys
    )
