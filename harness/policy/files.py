"""What a bundle has of the policy: each that was agreed, with the signatures on it; pure."""

from __future__ import annotations

from collections.abc import Iterable

from harness.ledger.chain import Entry
from harness.policy import document, statement
from harness.policy.records import recorded_in
from harness.signing.ed25519 import Unverified, from_base64, key_id

_SHOWN = 16
"""Characters of a key's id in a file's name."""


def files(entries: Iterable[Entry], *, pilot: str, environment: str) -> dict[str, bytes]:
    """By path: `policy/agreed-1.json`, `policy/agreed-1.legal.0a1b….dsse.json`."""
    found: dict[str, bytes] = {}
    names: dict[str, str] = {}
    for one in recorded_in(entries, pilot=pilot, environment=environment):
        if one.policy is not None:
            name = statement.file_name(one.policy)
            names[document.digest(one.policy)] = name
            found[name] = document.written(one.policy)
        elif one.signature is not None and one.signature.policy in names:
            whose = _key(one.signature.public)
            stem = names[one.signature.policy].removesuffix(".json")
            role = one.signature.role if one.signature.role in statement.ROLES else "other"
            found[f"{stem}.{role}.{whose}.dsse.json"] = one.signature.envelope.encode()
    return found


def _key(public: str) -> str:
    try:
        return key_id(from_base64(public))[:_SHOWN]
    except Unverified:
        return "unknown"
