"""What the ledger keeps of amendments: each names the one before it, and is signed.

Persisted by the rules of `harness/facts.py`: fields keep their meaning, new ones are LATER.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from contracts.canonical import canonical
from contracts.defaults import persisted_fields
from harness import tags
from harness.ledger.body import decoded
from harness.ledger.chain import Entry
from harness.result import Kind, Planned
from harness.verdict import Outcome

LONGEST = timedelta(hours=1)
"""That a person takes to sign: a device asks for a PIN."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excused:
    """The verdict that a person had before them, and how much worse it may become."""

    outcome: Outcome
    observed: str
    measures: Mapping[str, float]
    """The largest value of each measure that is signed; none where the claim measures nothing, and
    then the outcome alone is compared."""
    contract: str | None
    """The digest of what was promised, as `Promised.contract`; None where nothing could be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """One waiver, acceptance or attestation, or the withdrawal of one."""

    kind: Kind
    number: int
    """From 1, of a pilot in one environment."""
    before: str | None
    """The digest of the amendment before it there; None for the first."""
    pilot: str
    environment: str
    source: str
    dataset: str | None
    claim: str
    reason: str
    by: str
    role: str
    at: datetime
    until: datetime
    """The first moment at which it has no effect. At `at` or before, it withdraws those of the
    same kind on the same claim."""
    excuses: Excused | None
    """None for a withdrawal."""

    @property
    def planned(self) -> Planned:
        """The verdict that it is about."""
        return Planned(source=self.source, dataset=self.dataset, claim=self.claim)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAmendment:
    """An amendment with a person's signature on it."""

    amendment: Amendment
    public: str
    """Their public key, in base64."""
    envelope: str
    """DSSE, whose statement has the amendment as its subject."""


class _Recorded(msgspec.Struct):
    pilot: str
    environment: str
    at: datetime
    amendment: SignedAmendment | None = None
    """The field has the name that `tags.AMENDMENT` gives it."""


def written(amendment: Amendment) -> bytes:
    """RFC 8785 bytes: what is signed."""
    return canonical(persisted_fields(amendment))


def digest(amendment: Amendment) -> str:
    """By which the next one names it."""
    return sha256(written(amendment)).hexdigest()


def recorded_in(
    entries: Iterable[Entry], *, pilot: str, environment: str
) -> list[SignedAmendment]:
    """Those of one pilot in one environment, in order. One that does not follow the one before it,
    or says another time than the ledger does, was put in by another program and is left out.
    Raises Unreadable, a ValueError.
    """
    found: list[SignedAmendment] = []
    for entry in (one for one in entries if one.kind == tags.AMENDMENT):
        body = decoded(entry, _Recorded)
        one = body.amendment
        before = digest(found[-1].amendment) if found else None
        of = (pilot, environment, len(found) + 1, before)
        if (body.pilot, body.environment) != of[:2] or one is None or _place(one) != of:
            continue
        if abs(body.at - one.amendment.at) <= LONGEST:
            found.append(one)
    return found


def _place(signed: SignedAmendment) -> tuple[str, str, int, str | None]:
    one = signed.amendment
    return one.pilot, one.environment, one.number, one.before
