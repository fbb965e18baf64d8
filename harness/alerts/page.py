"""An incident in plain words: onset, detected, acknowledged, mended, what next and who. Pure.

The page is for a terminal of whoever may read the report: it quotes what was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from harness.alerts.history import RecordedTold
from harness.alerts.incident import BAD, Incident
from harness.alerts.text import Letterhead, acknowledge
from harness.pilot.settings import Owner
from harness.report.summary import where
from harness.report.words import instant
from harness.verdict import Outcome

_COLUMN = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is known besides the ledger."""

    head: Letterhead
    owner: Owner | None
    owed: bool
    """Whether the pilot still asks for the claim."""
    now: datetime
    escalate_after: timedelta | None
    """None where the environment tells nobody."""


def page(incident: Incident, told: Sequence[RecordedTold], asked: Asked) -> list[str]:
    """The lines of one incident; the first is its headline."""
    planned = incident.planned
    state = "MENDED" if incident.mended else f"{incident.detected.verdict.outcome}, open"
    lines = [f"{where(planned)} {planned.claim}: {state} (incident {incident.id})"]
    for word, text in _rows(incident, told, asked):
        lines.append(f"  {word:<{_COLUMN}}{text}")
    return lines


def _rows(
    incident: Incident, told: Sequence[RecordedTold], asked: Asked
) -> Iterator[tuple[str, str]]:
    first, latest, mended = incident.detected, incident.latest, incident.mended
    yield "promised", first.verdict.expected
    yield "onset", _onset(incident)
    yield "detected", f"{instant(first.at)}, night of {first.slot}, run {first.run}"
    yield "found", first.verdict.because
    yield from told_of(incident, told)
    yield "acknowledged", acknowledged_by(incident)
    if mended is None and latest != first:
        times = "once" if incident.bad == 1 else f"{incident.bad} times"
        yield (
            "since then",
            f"found bad {times}, last judged {instant(latest.at)}: {_said(incident)}",
        )
    yield "mended", "not yet" if mended is None else f"{instant(mended.at)}, run {mended.run}"
    yield "next", _next(incident, asked)


def _onset(incident: Incident) -> str:
    """Verdicts are nights apart: the onset lies between two of them."""
    good, first = incident.last_good, incident.detected
    if good is None:
        return f"not known: it was never good before {instant(first.at)}"
    return f"after {instant(good.at)}, when it was {good.verdict.outcome} (night of {good.slot})"


def told_of(incident: Incident, told: Sequence[RecordedTold]) -> Iterator[tuple[str, str]]:
    """`told` or `not told`, and whom, when and how: each message that reached a channel; of those
    that did not, the last for each channel.
    """
    failed: dict[str, str] = {}
    for one in told:
        steps = [str(news.step) for news in one.told.news if news.incident == incident.id]
        if not steps:
            continue
        channel, who = one.told.channel, ", ".join(one.told.people)
        if one.told.failure is None:
            failed.pop(channel, None)
            yield "told", f"{instant(one.at)}, that it {_OF_STEP[steps[0]]}: {who} by {channel}"
        else:
            failed[channel] = f"{who} by {channel} ({instant(one.at)}): {one.told.failure}"
    for text in failed.values():
        yield "not told", text


_OF_STEP = {"opened": "is bad", "mended": "is mended"}


def acknowledged_by(incident: Incident) -> str:
    """When and by whom it was acknowledged, in words."""
    one = incident.acknowledged
    return "by nobody yet" if one is None else f"{instant(one.at)}, by {one.acknowledged.by}"


def _said(incident: Incident) -> str:
    verdict = incident.latest.verdict
    return f"{verdict.outcome}. {verdict.because}"


def _next(incident: Incident, asked: Asked) -> str:
    """What is to be done now, and by whom."""
    owner = asked.owner
    people = [] if owner is None else [who for who in (owner.owner, owner.deputy) if who]
    if incident.mended is not None:
        return "nothing: it is good again"
    if not asked.owed:
        return "the pilot asks for this claim no more: nothing will mend it; put it back to know"
    if not people:
        return f"name who answers for {incident.planned.source} under owners in pilot.yaml"
    if incident.acknowledged is None:
        command = acknowledge(asked.head, (people[0],))
        return (
            f"{' or '.join(people)} is to acknowledge it: {command}{_escalation(incident, asked)}"
        )
    return _next_of(incident, incident.acknowledged.acknowledged.by)


def _next_of(incident: Incident, who: str) -> str:
    """What remains for somebody who acknowledged it."""
    outcome = incident.latest.verdict.outcome
    if outcome is Outcome.ERROR:
        return f"{who} has the reason removed that kept it from being judged; then prove again"
    if outcome in BAD:
        return f"{who} has it mended at the source, or the promise corrected; the next run tells"
    return f"{who} waits: it is {outcome}, and only PROVEN or WAIVED ends it"


def _escalation(incident: Incident, asked: Asked) -> str:
    if asked.owner is None or not asked.owner.escalation or asked.escalate_after is None:
        return ""
    at = incident.detected.at + asked.escalate_after
    if asked.now < at:
        return f"; else {asked.owner.escalation} is told, from {instant(at)} on"
    return f"; time was up at {instant(at)}, so {asked.owner.escalation} is told as well"
