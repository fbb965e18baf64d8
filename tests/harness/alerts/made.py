"""Verdicts, messages and acknowledgements as a ledger would hold them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from harness.alerts.due import Contacts, Message
from harness.alerts.history import History, RecordedAcknowledgement, RecordedTold
from harness.alerts.records import Acknowledged, News, Step, Told
from harness.facts import EvidenceClass
from harness.result import RecordedVerdict
from harness.verdict import Outcome, Verdict

FIRST = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ESCALATE = timedelta(hours=20)
P, B, E, U, N, W = (
    Outcome.PROVEN,
    Outcome.BROKEN,
    Outcome.ERROR,
    Outcome.UNPROVEN,
    Outcome.NOT_RUN,
    Outcome.WAIVED,
)
CONTACTS = {
    "crm": Contacts(first=(("Ada", "room"), ("Jonas", "mail")), last=(("Head of CRM", "pager"),))
}
SECRET = "canary-value-7f3a"
"""What a message must never quote."""


def verdict(
    night: int, outcome: Outcome, *, claim: str = "fresh", source: str = "crm"
) -> RecordedVerdict:
    at = FIRST + timedelta(days=night)
    return RecordedVerdict(
        run=f"run-{night}",
        slot=at.date(),
        at=at,
        source=source,
        dataset="customers",
        evidence_class=EvidenceClass.SANDBOX,
        verdict=Verdict(
            claim=claim,
            outcome=outcome,
            because=f"3 of 9 were late, the last is {SECRET}",
            expected="95 % within 24 h",
            observed=SECRET,
            n=9,
            method="a bound",
        ),
    )


def nights(*outcomes: Outcome) -> History:
    return History(verdicts=tuple(verdict(night, one) for night, one in enumerate(outcomes)))


def sent(message: Message, night: int, *, failure: str | None = None) -> RecordedTold:
    at = FIRST + timedelta(days=night, minutes=1)
    return RecordedTold(run=f"run-{night}", at=at, told=message.told(failure))


def told(incident: str, channel: str, *, step: Step = Step.OPENED, failure: str | None = None):
    news = News(step=step, incident=incident, source="crm", dataset="customers", claim="fresh")
    one = Told(message="m", channel=channel, people=("Ada",), news=(news,), failure=failure)
    return RecordedTold(run="run-0", at=FIRST, told=one)


def acknowledged(*incidents: str, night: int = 0, by: str = "Ada") -> RecordedAcknowledgement:
    said = Acknowledged(by=by, source="crm", incidents=incidents)
    return RecordedAcknowledgement(at=FIRST + timedelta(days=night, hours=6), acknowledged=said)
