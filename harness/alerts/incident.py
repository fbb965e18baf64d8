"""Incidents: from the first bad verdict on a claim to the next good one. Pure.

    PROVEN ─▶ BROKEN or ERROR: an incident opens ─▶ PROVEN or WAIVED: it is mended

What is neither (UNPROVEN, NOT_RUN, STALE) opens none and mends none: absence is no evidence that
anything is bad, nor that it is good again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from harness.alerts.history import History, RecordedAcknowledgement
from harness.alerts.records import News, Step
from harness.result import Planned, RecordedVerdict
from harness.verdict import GOOD, Outcome

BAD = frozenset({Outcome.BROKEN, Outcome.ERROR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One claim that turned bad."""

    id: str
    """Eight hexadecimal digits, the same whenever it is computed."""
    detected: RecordedVerdict
    """The first bad verdict."""
    last_good: RecordedVerdict | None
    """The verdict before that one which was PROVEN or WAIVED; None if there was none ever."""
    latest: RecordedVerdict
    """The last verdict of it, whatever it says."""
    bad: int
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
    of_each: dict[Planned, list[RecordedVerdict]] = {}
    for one in history.verdicts:
        of_each.setdefault(one.planned, []).append(one)
    known = _first_of_each(history.acknowledged)
    every = (
        replace(incident, acknowledged=known.get(incident.id))
        for verdicts in of_each.values()
        for incident in _of_one_claim(verdicts)
    )
    return tuple(sorted(every, key=lambda incident: incident.detected.at))


def _of_one_claim(verdicts: Iterable[RecordedVerdict]) -> Iterator[Incident]:
    good: RecordedVerdict | None = None
    span: list[RecordedVerdict] = []
    for one in verdicts:
        outcome = one.verdict.outcome
        if span or outcome in BAD:
            span.append(one)
        if outcome in GOOD:
            if span:
                yield _incident(span, good)
            good, span = one, []
    if span:
        yield _incident(span, good)


def _incident(span: Sequence[RecordedVerdict], good: RecordedVerdict | None) -> Incident:
    return Incident(
        id=_identify(span[0]),
        detected=span[0],
        last_good=good,
        latest=span[-1],
        bad=sum(one.verdict.outcome in BAD for one in span),
    )


def _identify(detected: RecordedVerdict) -> str:
    of = (detected.source, detected.dataset or "", detected.verdict.claim, detected.run)
    return hashlib.sha256("\n".join(of).encode()).hexdigest()[:8]


def _first_of_each(
    given: Iterable[RecordedAcknowledgement],
) -> dict[str, RecordedAcknowledgement]:
    first: dict[str, RecordedAcknowledgement] = {}
    for one in given:
        for incident in one.acknowledged.incidents:
            first.setdefault(incident, one)
    return first
