"""What the ledger keeps of a policy: the policy itself, and each signature on it.

Persisted by the rules of `harness/facts.py`: fields keep their meaning, new ones are LATER.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from harness import tags
from harness.ledger.body import decoded, part
from harness.ledger.chain import Entry
from harness.policy.document import Document, digest
from harness.result import Planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One person's signature on a policy."""

    policy: str
    """The digest of the policy."""
    role: str
    """In which they say they sign: security or legal. What their key may sign, a register says."""
    by: str
    public: str
    """Their public key, in base64."""
    envelope: str
    """DSSE, whose statement has the policy as its subject."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An entry of either."""

    seq: int
    run: str
    at: datetime
    policy: Document | None = None
    signature: Signature | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    pilot: str
    environment: str
    at: datetime
    policy: Mapping[str, Any] | None = None
    signature: Signature | None = None


class _Change(msgspec.Struct, forbid_unknown_fields=True):
    what: str
    old: Any
    new: Any


class _Promised(msgspec.Struct):
    digest: str
    contract: str | None
    rules: str | None
    promised: dict[str, Any]


class _Policy(msgspec.Struct):
    """What is relied on in a policy's document."""

    pilot: str
    environment: str
    number: int
    amends: str | None
    by: str
    at: str
    why: str | None
    changes: list[_Change]
    thresholds: dict[str, Any]
    promises: dict[str, _Promised]
    evidence: list[Planned]


def recorded_in(entries: Iterable[Entry], *, pilot: str, environment: str) -> Iterator[Recorded]:
    """The policies and signatures of one pilot in one environment, oldest first. Raises
    Unreadable, a ValueError, for what is no policy.
    """
    for entry in entries:
        if entry.kind not in (tags.POLICY, tags.SIGNATURE):
            continue
        body = decoded(entry, _Entry)
        if (body.pilot, body.environment) == (pilot, environment):
            if body.policy is not None:
                part(entry, tags.POLICY, _Policy)
            yield Recorded(
                seq=entry.seq,
                run=entry.run,
                at=body.at,
                policy=body.policy,
                signature=body.signature,
            )


def chained(recorded: Iterable[Recorded]) -> Iterator[tuple[Recorded, Document]]:
    """The first policy and its amendments. One that amends another than the one before it was put
    in by somebody else, and is left out.
    """
    before: str | None = None
    for one in recorded:
        if one.policy is not None and one.policy.get("amends") == before:
            before = digest(one.policy)
            yield one, one.policy
