"""What people agreed on in the ledger of a scene: a policy, and what they excused."""

from __future__ import annotations

from datetime import datetime, timedelta

from contracts.defaults import persisted_fields
from harness.amendments import statement as amendments
from harness.amendments.records import Amendment, Excused
from harness.pilot.gate_settings import Gate
from harness.policy import document, statement
from harness.policy.document import Document
from harness.result import Kind, Planned
from harness.verdict import Outcome
from tests.harness.evidence.ledgers import FIRST
from tests.signoff.people import PEOPLE, signer
from tests.signoff.scene import (
    FRESH,
    GOOD,
    NIGHTS,
    Night,
    Row,
    Scene,
    beside,
    bundle,
    night,
    nights,
    settings,
)

AT = FIRST - timedelta(hours=5)
"""Before the first night."""


def policy(asks: Gate | None = None) -> Document:
    said = {"thresholds": {}, "promises": {}, "evidence": []}
    own = settings(asks or Gate())
    return document.first(
        {**said, document.SETTINGS: own} if own else said,
        pilot="acme",
        environment="dev",
        by=PEOPLE["security"],
        at=AT,
    )


def rows(of: Document, *roles: str, at: datetime = AT) -> list[Row]:
    """The entries of a policy with a signature in each role."""
    found = beside(f"policy-{at:%H%M}", at, {"policy": of})
    for role in roles:
        given = statement.sign(of, signer(role), role=role, by=PEOPLE[role])
        said = {"signature": persisted_fields(given)}
        found += beside(f"signature-{role}-{at:%H%M}", at, said)
    return found


def gate(scene: Scene, asks: Gate, *, like: Night | None = None) -> None:
    """All agreed, before anything was read, on what the gate asks for."""
    before = rows(policy(asks), "security", "legal")
    of = like or Night()
    scene.files = bundle([*before, *nights(*[of] * NIGHTS)])
    scene.rows = [*before, *nights(*[of] * (NIGHTS + 2))]
    scene.requirement = asks


def sign(scene: Scene, *roles: str) -> None:
    """Since the bundle was made, a policy, signed in these roles."""
    scene.rows += rows(policy(), *roles, at=FIRST + NIGHTS * timedelta(days=1, hours=1))


def waived(
    scene: Scene,
    *,
    until: datetime = FIRST + 40 * timedelta(days=1),
    who: str = "owner",
    planned: Planned = FRESH,
    since: Outcome = Outcome.BROKEN,
) -> None:
    """One verdict is BROKEN every night, and somebody waived it before the bundle was made; in the
    nights `since`, it may be something else.
    """
    broken = Night(outcomes={**GOOD, FRESH: Outcome.BROKEN})
    one = Amendment(
        kind=Kind.WAIVER,
        number=1,
        before=None,
        pilot="acme",
        environment="dev",
        source=planned.source,
        dataset=planned.dataset,
        claim=planned.claim,
        reason="the vendor mends it in December",
        by=PEOPLE[who],
        role=who,
        at=FIRST + timedelta(days=2, hours=2),
        until=until,
        excuses=Excused(outcome=Outcome.BROKEN, observed="3 h", measures={}, contract=None),
    )
    said = {"amendment": persisted_fields(amendments.sign(one, signer(who)))}
    before = [*nights(*[broken] * NIGHTS), *beside("waiver-1", one.at, said)]
    later = Night(outcomes={**GOOD, FRESH: since})
    scene.files = bundle(before)
    scene.rows = [*before, *night(NIGHTS, later), *night(NIGHTS + 1, later)]
