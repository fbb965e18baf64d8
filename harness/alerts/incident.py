"""Incidents: from the first bad verdict on a claim to the next good one. Pure.

    PROVEN ─▶ BROKEN or ERROR: an incident opens ─▶ PROVEN or WAIVED: it is mended

What is neither (UNPROVEN, NOT_RUN, STALE) opens none and mends none: absence is no evidence that
anything is bad, nor that it is good again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from harness.alerts.history import History, RecordedAcknowledgement
from harness.alerts.records import News, Step
from harness.result import Planned, RecordedVerdict
from harness.verdict import GOOD, Outcome

BAD = frozenset({Outcome.BROKEN, Outcome.ERROR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One claim that turned bad."""

    detected: RecordedVerdict
    """The first bad verdict."""
    last_good: RecordedVerdict | None
    """The verdict before that one which was PROVEN or WAIVED; None if there was none ever."""
    latest: RecordedVerdict
    """The last verdict of it, whatever it says."""
    bad: int = 1
    """How many bad verdicts there were."""
    acknowledged: RecordedAcknowledgement | None = None

    @property
    def planned(self) -> Planned:
        """The claim."""
        return self.detected.planned

    @property
    def mended(self) -> RecordedVerdict | None:
        """The verdict that ended it; None while it is open."""
        return self.latest if self.latest.verdict.outcome in GOOD else None

    @property
    def id(self) -> str:
        """Eight hexadecimal digits, the same whenever it is computed."""
        planned = self.planned
        of = (planned.source, planned.dataset or "", planned.claim, self.detected.run)
        return hashlib.sha256("\n".join(of).encode()).hexdigest()[:8]

    def news(self, step: Step) -> News:
        """What is told of it."""
        planned = self.planned
        return News(
            step=step,
            incident=self.id,
            source=planned.source,
            dataset=planned.dataset,
            claim=planned.claim,
        )


def incidents(history: History) -> tuple[Incident, ...]:
    """Every incident, in the order in which they were detected."""
    found: dict[Planned, list[Incident]] = {}
    good: dict[Planned, RecordedVerdict] = {}
    for one in history.verdicts:
        of = found.setdefault(one.planned, [])
        outcome = one.verdict.outcome
        if of and of[-1].mended is None:
            of[-1] = replace(of[-1], latest=one, bad=of[-1].bad + (outcome in BAD))
        elif outcome in BAD:
            of.append(Incident(detected=one, last_good=good.get(one.planned), latest=one))
        if outcome in GOOD:
            good[one.planned] = one
    known = _first_of_each(history.acknowledged)
    every = (replace(i, acknowledged=known.get(i.id)) for of in found.values() for i in of)
    return tuple(sorted(every, key=lambda incident: incident.detected.at))


def _first_of_each(
    given: Iterable[RecordedAcknowledgement],
) -> dict[str, RecordedAcknowledgement]:
    first: dict[str, RecordedAcknowledgement] = {}
    for one in given:
        for incident in one.acknowledged.incidents:
            first.setdefault(incident, one)
    return first
