"""A person's signature on a document: an in-toto statement about its digest, in DSSE.

The statement is made anew where the signature is checked, so nothing in an envelope is believed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from harness.signing import dsse, register, strict
from harness.signing.ed25519 import Unverified, from_base64, key_id, to_base64
from harness.signing.register import Register
from harness.signing.signer import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """One person's signature."""

    public: str
    """Their public key, in base64."""
    envelope: str
    """DSSE."""


def statement(kind: str, name: str, digest: str, says: Mapping[str, object]) -> bytes:
    """What is signed: the document by its SHA-256, and in which role who signs it. `says` holds
    text, whole numbers and None alone.
    """
    return strict.canonical(
        {
            "_type": "https://in-toto.io/Statement/v1",
            "subject": [{"name": name, "digest": {"sha256": digest}}],
            "predicateType": kind,
            "predicate": dict(says),
        }
    )


def sign(stated: bytes, signer: Signer) -> Personal:
    """The signature. Raises ConfigurationError or SourceError if none is given."""
    envelope = dsse.seal(dsse.IN_TOTO, stated, signer)
    return Personal(public=to_base64(signer.public), envelope=envelope.decode())


def objection(signature: Personal, stated: bytes, what: str) -> str | None:
    """Why it is no signature of its own key on this statement, in a clause; None if it is one.
    Whose key that is, a register says. `what` names the document.
    """
    try:
        public = from_base64(signature.public)
        opened = dsse.opened(signature.envelope.encode(), {key_id(public): public})
    except Unverified as error:
        return str(error)
    if (opened.payload_type, opened.payload) != (dsse.IN_TOTO, stated):
        return f"it was given on another {what}, or in another name"
    return None


def may_not(
    signature: Personal, held: Register, *, role: str, what: str, at: datetime
) -> str | None:
    """Why a register does not let this key sign `what` in this role at a time; None if it does."""
    identity = key_id(from_base64(signature.public))
    if says := register.objection(held, identity, what, at):
        return says
    if role not in held[identity].roles or role not in register.MAY_SIGN[what]:
        return f"{held[identity].name} does not sign as {role}"
    return None
