"""The statement by which a person signs a policy: in-toto in DSSE, about the policy's bytes."""

from __future__ import annotations

from contracts.canonical import canonical
from harness.policy.document import Document, digest
from harness.policy.records import Signature
from harness.signing import dsse
from harness.signing.ed25519 import Unverified, from_base64, key_id, to_base64
from harness.signing.signer import Signer

POLICY = "urn:seatrial:policy/v1"
ROLES = ("security", "legal")
"""Who signs: both, before the first reading."""


def file_name(document: Document) -> str:
    """Of the policy in a bundle."""
    return f"policy/agreed-{document['number']}.json"


def sign(document: Document, signer: Signer, *, role: str, by: str) -> Signature:
    """A person's signature. Raises ConfigurationError or SourceError if none is given."""
    envelope = dsse.seal(dsse.IN_TOTO, _statement(document, role=role, by=by), signer)
    return Signature(
        policy=digest(document),
        role=role,
        by=by,
        public=to_base64(signer.public),
        envelope=envelope.decode(),
    )


def objection(signature: Signature, document: Document) -> str | None:
    """Why it is no signature of its own key on this policy, in a clause; None if it is one. Whose
    key that is, a register says.
    """
    try:
        public = from_base64(signature.public)
        opened = dsse.opened(signature.envelope.encode(), {key_id(public): public})
    except Unverified as error:
        return str(error)
    statement = _statement(document, role=signature.role, by=signature.by)
    if (opened.payload_type, opened.payload) != (dsse.IN_TOTO, statement):
        return "it was given on another policy, or in another name"
    return None


def _statement(document: Document, *, role: str, by: str) -> bytes:
    return canonical(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": file_name(document), "digest": {"sha256": digest(document)}}],
            "predicateType": POLICY,
            "predicate": {
                **{name: document[name] for name in ("pilot", "environment", "number")},
                "role": role,
                "by": by,
            },
        }
    )
