"""The statement by which a person signs a policy: in-toto in DSSE, about the policy's bytes."""

from __future__ import annotations

from harness.policy.document import Document, digest
from harness.policy.records import Signature
from harness.signing import personal
from harness.signing.personal import Personal
from harness.signing.signer import Signer

POLICY = "urn:seatrial:policy/v1"
ROLES = ("security", "legal")
"""Who signs: both, before the first reading."""


def file_name(document: Document) -> str:
    """Of the policy in a bundle."""
    return f"policy/agreed-{document['number']}.json"


def sign(document: Document, signer: Signer, *, role: str, by: str) -> Signature:
    """A person's signature. Raises ConfigurationError or SourceError if none is given."""
    given = personal.sign(_statement(document, role=role, by=by), signer)
    return Signature(
        policy=digest(document),
        role=role,
        by=by,
        public=given.public,
        envelope=given.envelope,
    )


def objection(signature: Signature, document: Document) -> str | None:
    """Why it is no signature of its own key on this policy, in a clause; None if it is one. Whose
    key that is, a register says.
    """
    given = Personal(public=signature.public, envelope=signature.envelope)
    stated = _statement(document, role=signature.role, by=signature.by)
    return personal.objection(given, stated, "policy")


def _statement(document: Document, *, role: str, by: str) -> bytes:
    which = {name: document[name] for name in ("pilot", "environment", "number")}
    says = {**which, "role": role, "by": by}
    return personal.statement(POLICY, file_name(document), digest(document), says)
