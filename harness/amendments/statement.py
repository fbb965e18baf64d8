"""The statement by which a person signs an amendment, and which of those recorded count."""

from __future__ import annotations

from collections.abc import Iterable

from harness.amendments.records import Amendment, SignedAmendment, digest, recorded_in
from harness.ledger.chain import Entry
from harness.result import Kind
from harness.signing import personal
from harness.signing.personal import Personal
from harness.signing.register import MAY_SIGN, Register
from harness.signing.signer import Signer

AMENDMENT = "urn:seatrial:amendment/v1"


def file_name(amendment: Amendment) -> str:
    """Of the amendment in a bundle."""
    return f"policy/amendment-{amendment.number}.json"


def roles(kind: Kind) -> tuple[str, ...]:
    """Who may sign one."""
    return MAY_SIGN[str(kind)]


def sign(amendment: Amendment, signer: Signer) -> SignedAmendment:
    """A person's signature. Raises ConfigurationError or SourceError if none is given."""
    given = personal.sign(_statement(amendment), signer)
    return SignedAmendment(amendment=amendment, public=given.public, envelope=given.envelope)


def objection(signed: SignedAmendment, register: Register | None) -> str | None:
    """Why it does not count, in a clause; None if it does. Without a register it counts as its own
    key's, whoever holds that.
    """
    one = signed.amendment
    given = Personal(public=signed.public, envelope=signed.envelope)
    if says := personal.objection(given, _statement(one), "amendment"):
        return says
    if one.role not in roles(one.kind):
        return f"nobody signs a {one.kind} as {one.role}"
    if register is None:
        return None
    return personal.may_not(given, register, role=one.role, what=str(one.kind), at=one.at)


def counting(
    entries: Iterable[Entry], *, pilot: str, environment: str, register: Register | None
) -> tuple[Amendment, ...]:
    """The amendments of a pilot in one environment that count, in order. Raises Unreadable, a
    ValueError, for what is none.
    """
    recorded = recorded_in(entries, pilot=pilot, environment=environment)
    return tuple(one.amendment for one in recorded if objection(one, register) is None)


def _statement(amendment: Amendment) -> bytes:
    says = {
        "pilot": amendment.pilot,
        "environment": amendment.environment,
        "number": amendment.number,
        "kind": str(amendment.kind),
        "role": amendment.role,
        "by": amendment.by,
    }
    return personal.statement(AMENDMENT, file_name(amendment), digest(amendment), says)
