"""What came of the policy, from a ledger's entries alone; pure.

policies, signatures ─┐
first reading ────────┼─▶ State: who signed what when, what changed unsigned, what never arrived
promises of each run ─┘
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from harness.ledger.chain import Entry
from harness.policy import document, statement
from harness.policy.deviations import Deviation, deviations
from harness.policy.document import Document
from harness.policy.gathered import gather
from harness.policy.records import Recorded, Signature, chained
from harness.result import Planned
from harness.signing import personal
from harness.signing.personal import Personal
from harness.signing.register import Register


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """One signature, looked at."""

    signature: Signature
    at: datetime
    seq: int
    objection: str | None
    """Why it does not count, in a clause; None if it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """One policy with its signatures."""

    document: Document
    seq: int
    signed: tuple[Signed, ...]

    def signed_by(self, *, before: int | None = None) -> frozenset[str]:
        """The roles in which it was signed; before a place in the ledger, if one is given."""
        return frozenset(
            one.signature.role
            for one in self.signed
            if one.objection is None and (before is None or one.seq < before)
        )

    @property
    def lacks(self) -> tuple[str, ...]:
        """The roles in which nobody signed."""
        return tuple(role for role in statement.ROLES if role not in self.signed_by())


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All of it."""

    agreed: tuple[Agreed, ...]
    """The first policy and its amendments."""
    first_reading: int | None
    """Its place in the ledger; None if nothing was read yet."""
    first_run: str | None
    deviations: tuple[Deviation, ...]
    missing: tuple[Planned, ...]
    """What must arrive by the newest policy and never did."""

    @property
    def newest(self) -> Agreed | None:
        """The policy in force."""
        return self.agreed[-1] if self.agreed else None

    @property
    def in_time(self) -> bool:
        """Whether the first policy was signed in all roles before anything was read."""
        if not self.agreed:
            return False
        return self.agreed[0].signed_by(before=self.first_reading) >= set(statement.ROLES)

    @property
    def good(self) -> bool:
        """Whether all was agreed in time, kept, and arrived."""
        complete = bool(self.agreed) and not any(one.lacks for one in self.agreed)
        return complete and self.in_time and not self.deviations and not self.missing


def state(
    entries: Iterable[Entry],
    *,
    pilot: str,
    environment: str,
    register: Register | None = None,
) -> State:
    """What the entries say. With a register, a signature counts only if its key may sign a policy
    in that role; without one, it counts as its own key's, whoever holds that.
    """
    known = gather(entries, pilot=pilot, environment=environment)
    agreed = tuple(_agreed(known.recorded, register))
    newest = agreed[-1].document if agreed else None
    return State(
        agreed=agreed,
        first_reading=known.first_reading,
        first_run=known.first_run,
        deviations=tuple(deviations(known, [(one.seq, one.document) for one in agreed])),
        missing=tuple(
            one for one in (document.items(newest) if newest else ()) if one not in known.arrived
        ),
    )


def _agreed(recorded: Sequence[Recorded], register: Register | None) -> Iterator[Agreed]:
    for one, policy in chained(recorded):
        signed = tuple(
            Signed(
                signature=other.signature,
                at=other.at,
                seq=other.seq,
                objection=_objection(other.signature, policy, register, other.at),
            )
            for other in recorded
            if other.signature is not None and other.signature.policy == document.digest(policy)
        )
        yield Agreed(document=policy, seq=one.seq, signed=signed)


def _objection(
    signature: Signature, policy: Document, register: Register | None, at: datetime
) -> str | None:
    if says := statement.objection(signature, policy):
        return says
    if register is None:
        return None
    given = Personal(public=signature.public, envelope=signature.envelope)
    return personal.may_not(given, register, role=signature.role, what="policy", at=at)
