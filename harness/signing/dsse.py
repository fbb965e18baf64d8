"""DSSE v1 envelopes: a payload, its type, and signatures over both.

    seal: payload ─▶ PAE(type, payload) ─▶ signature ─▶ envelope, canonical JSON
    opened: envelope ─▶ sizes, form ─▶ signatures ─▶ payload      nothing in it is parsed before

An envelope has one spelling, so that no bit of it can be changed unseen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from harness.signing import strict
from harness.signing.ed25519 import (
    SIGNATURE_BYTES,
    Stranger,
    Unverified,
    from_base64,
    key_id,
    to_base64,
    verify,
)
from harness.signing.signer import Signer

IN_TOTO = "application/vnd.in-toto+json"
"""The payload type of an in-toto Statement."""
MOST_BYTES = 64 << 20
"""Of one envelope."""
_MOST_SIGNATURES = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A payload whose signatures were verified."""

    payload_type: str
    payload: bytes
    signers: tuple[str, ...]
    """The ids of the given keys that signed it, at least one; none of what is `unsigned`."""
    strangers: tuple[str, ...]
    """The ids that other signatures name. Nobody has verified them."""


def pae(payload_type: str, payload: bytes) -> bytes:
    """The bytes that are signed: DSSE's pre-authentication encoding."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def seal(payload_type: str, payload: bytes, *signers: Signer) -> bytes:
    """An envelope signed by each of the signers, in the order of their key ids."""
    message = pae(payload_type, payload)
    signatures = [
        {"keyid": key_id(signer.public), "sig": to_base64(signer.sign(message))}
        for signer in sorted(signers, key=lambda signer: key_id(signer.public))
    ]
    return _written(payload_type, to_base64(payload), signatures)


def opened(envelope: bytes, keys: Mapping[str, bytes]) -> Opened:
    """The payload of an envelope that one of the `keys` (id → raw public key) signed.

    Raises Stranger if none of them did, and Unverified if a signature in the name of one of them
    is not its own, and for anything but the one spelling of an envelope.
    """
    payload_type, payload, signatures = _parts(envelope)
    message = pae(payload_type, payload)
    for named, signature in signatures.items():
        if named in keys and not (
            key_id(keys[named]) == named and verify(keys[named], message, signature)
        ):
            raise Unverified(f"key {named} did not sign this: the signature is not its own")
    signers = tuple(named for named in signatures if named in keys)
    if not signers:
        raise Stranger(f"no trusted key signed this; it names {', '.join(signatures)}")
    return Opened(
        payload_type=payload_type,
        payload=payload,
        signers=signers,
        strangers=tuple(named for named in signatures if named not in keys),
    )


def unsigned(envelope: bytes) -> Opened:
    """The payload that nobody vouches for, and whom it names: for what says so. Raises Unverified
    for anything but the one spelling of an envelope.
    """
    payload_type, payload, signatures = _parts(envelope)
    return Opened(
        payload_type=payload_type, payload=payload, signers=(), strangers=tuple(signatures)
    )


def _parts(envelope: bytes) -> tuple[str, bytes, dict[str, bytes]]:
    if len(envelope) > MOST_BYTES:
        raise Unverified(f"the envelope has more than {MOST_BYTES} bytes")
    match strict.decoded(envelope):
        case {
            "payload": str() as payload,
            "payloadType": str() as payload_type,
            "signatures": list() as signatures,
            **rest,
        } if not rest:
            pass
        case _:
            raise Unverified("this is no DSSE envelope: payload, payloadType, signatures")
    if not 1 <= len(signatures) <= _MOST_SIGNATURES:
        raise Unverified(f"an envelope has 1 to {_MOST_SIGNATURES} signatures")
    by_key = dict(map(_signature, signatures))
    if len(by_key) != len(signatures) or _written(payload_type, payload, signatures) != envelope:
        raise Unverified("the envelope is not in its canonical form")
    return payload_type, from_base64(payload), by_key


def _signature(found: Any) -> tuple[str, bytes]:
    match found:
        case {"keyid": str() as named, "sig": str() as text, **rest} if named and not rest:
            signature = from_base64(text)
        case _:
            raise Unverified("a signature has keyid and sig, and nothing else")
    if len(signature) != SIGNATURE_BYTES:
        raise Unverified("a signature is not of Ed25519, the only algorithm here")
    return named, signature


def _written(payload_type: str, payload: str, signatures: list[Any]) -> bytes:
    return strict.canonical(
        {"payload": payload, "payloadType": payload_type, "signatures": signatures}
    )
