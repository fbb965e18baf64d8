"""What a person signs of a bundle, and how the ledger keeps it.

    manifest, newest night ─┐
    decision, role, until ──┴─▶ in-toto Statement in DSSE ─▶ signoff/<role>.dsse.json, ledger

Persisted by the rules of `harness/facts.py`: fields keep their meaning, new ones are LATER.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from harness import tags
from harness.ledger.chain import Entry


class Decision(StrEnum):
    """What a person says of the evidence."""

    APPROVE = "approve"
    CONDITIONS = "conditions"
    """Approved, with conditions that stand beside it wherever it is shown."""
    REFUSE = "refuse"
    REVOKE = "revoke"
    """What this role signed of the bundle before counts no longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """The terms that stay signed while nights come: the gate holds the newest night to them."""

    contracts: Mapping[str, str]
    """The digest of each dataset's contract, by `source.dataset`."""
    promises: Mapping[str, str]
    """The digest of what the night was held against, by source and by `source.dataset`."""
    planned: str
    """The digest of the list of verdicts that are owed."""
    policy: str | None
    """The digest of the policy that people agreed on last; None where nobody has."""
    code: str
    """The release and digest of the code that judged."""
    classes: tuple[str, ...]
    """The evidence classes of its verdicts, the weakest first."""
    governance: str | None = None
    """The digest of what the pilot says of its governance; None where it says nothing, or was not
    at hand as the person signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A page that somebody signed by hand, and its scan."""

    file: str
    """Within the bundle, as `signoff/legal.1a2b3c4d5e6f7a8b.scan.pdf`."""
    sha256: str
    attested_by: str
    """Who says that this is the page, and signs that with their key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """One person's decision, as they sign it."""

    manifest: str
    """The SHA-256 of the bundle's manifest."""
    night: str
    """The run of the newest night that the bundle shows."""
    signed: Signed
    decision: Decision
    role: str
    by: str
    at: datetime
    until: datetime
    """The first moment at which it has no effect."""
    conditions: tuple[str, ...] = ()
    reason: str | None = None
    """Of a refusal and a revocation."""
    paper: Paper | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A sign-off with its signature, as the ledger keeps it."""

    manifest: str
    role: str
    by: str
    public: str
    """The public key that signed it, in base64."""
    envelope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The ledger's entry of one."""

    pilot: str
    environment: str
    at: datetime
    signoff: Given
    """The field has the name that `tags.SIGNOFF` gives it."""


def recorded_in(entries: Iterable[Entry], *, pilot: str, environment: str) -> Iterator[Recorded]:
    """The sign-offs of one pilot in one environment, oldest first. Raises msgspec.MsgspecError, a
    ValueError, for what is none.
    """
    for entry in (entry for entry in entries if entry.kind == tags.SIGNOFF):
        one: Recorded = msgspec.json.decode(entry.body, type=Recorded, strict=False)
        if (one.pilot, one.environment) == (pilot, environment):
            yield one


def last_day(one: SignOff) -> date:
    """The last day, in UTC, on a part of which it counts."""
    return (one.until - timedelta(microseconds=1)).date()


def signoff_of(predicate: Mapping[str, Any], *, manifest: str) -> SignOff:
    """The sign-off in a statement's predicate. Raises msgspec.MsgspecError for what is none."""
    own = {name: predicate[name] for name in _FIELDS if name in predicate}
    return msgspec.convert({**own, "manifest": manifest}, type=SignOff, strict=False)


_FIELDS = frozenset(SignOff.__dataclass_fields__) - {"manifest"}
