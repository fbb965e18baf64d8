"""What people agreed on in the ledger of a scene: a policy, and what they excused."""

from __future__ import annotations

from datetime import datetime, timedelta

from contracts.defaults import persisted_fields
from harness.policy import document, statement
from harness.policy.document import Document
from harness.signoff import requirement
from harness.signoff.requirement import Requirement
from tests.harness.evidence.ledgers import FIRST
from tests.signoff.scene import NIGHTS, PEOPLE, Night, Row, Scene, beside, bundle, nights, signer

AT = FIRST - timedelta(hours=5)
"""Before the first night."""


def policy(asks: Requirement | None = None) -> Document:
    said = {"thresholds": {}, "promises": {}, "evidence": []}
    gate = requirement.said(asks or Requirement())
    return document.first(
        said if gate is None else {**said, "gate": gate},
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


def gate(scene: Scene, asks: Requirement, *, night: Night | None = None) -> None:
    """All agreed, before anything was read, on what the gate asks for."""
    before = rows(policy(asks), "security", "legal")
    of = night or Night()
    scene.files = bundle([*before, *nights(*[of] * NIGHTS)])
    scene.rows = [*before, *nights(*[of] * (NIGHTS + 2))]
    scene.requirement = asks


def sign(scene: Scene, *roles: str) -> None:
    """Since the bundle was made, a policy, signed in these roles."""
    scene.rows += rows(policy(), *roles, at=FIRST + NIGHTS * timedelta(days=1, hours=1))
