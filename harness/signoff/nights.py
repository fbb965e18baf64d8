"""The newest night in a ledger's entries, and the terms that a sign-off binds of it; pure.

The same is read from a bundle, when people sign it, and from the pilot's ledger, when the gate is
asked: so like is compared with like.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256

from contracts.canonical import canonical
from harness.evidence.runs import EvidenceRun, State, runs_in
from harness.facts import EvidenceClass
from harness.ledger.chain import Entry
from harness.policy.document import digest
from harness.policy.state import Agreed, state
from harness.result import Planned
from harness.run.config import Job
from harness.signing.register import Register
from harness.signoff.records import Signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """The newest run that was to prove, as far as it has ended."""

    run: str
    night: date
    ended_at: datetime
    planned: tuple[Planned, ...]
    """What the newest run for the whole plan owed."""
    signed: Signed
    lacking: str
    """Why it is not whole, in a clause; empty if it is."""
    agreed: Agreed | None
    """The policy in force, with who signed it."""


def newest(
    entries: Sequence[Entry],
    *,
    pilot: str,
    environment: str,
    zone: str,
    register: Register | None = None,
) -> Night | None:
    """The newest night of a pilot in one environment; None where no run that was to prove has
    ended. Raises msgspec.MsgspecError, a ValueError, for an entry that does not read.
    """
    runs = [
        one
        for one in runs_in(entries, pilot=pilot, environment=environment, zone=zone)
        if one.judges and one.job == Job.PROVE and one.ended_at is not None
    ]
    if not runs:
        return None
    whole = next((one for one in reversed(runs) if one.owed == len(one.planned)), None)
    agreed = state(entries, pilot=pilot, environment=environment, register=register).newest
    return _night(runs[-1], whole, agreed)


def planned_digest(planned: Iterable[Planned]) -> str:
    """Of the verdicts that are owed, whatever their order."""
    owed = sorted((asdict(one) for one in planned), key=canonical)
    return sha256(canonical(owed)).hexdigest()


def _night(last: EvidenceRun, whole: EvidenceRun | None, agreed: Agreed | None) -> Night:
    planned = whole.planned if whole is not None else last.planned
    return Night(
        run=last.header.run,
        night=last.night,
        ended_at=last.ended_at or last.started_at,
        planned=planned,
        lacking=_lacking(last, whole),
        agreed=agreed,
        signed=Signed(
            contracts=_contracts(whole or last),
            promises=dict(last.promises),
            planned=planned_digest(planned),
            policy=None if agreed is None else digest(agreed.document),
            code=last.header.code,
            classes=_classes(whole or last),
        ),
    )


def _lacking(last: EvidenceRun, whole: EvidenceRun | None) -> str:
    if last.state is not State.FINISHED:
        return f"the newest run, {last.header.run}, did not finish: {last.because}"
    if whole is None:
        return "no run was for the whole plan"
    return ""


def _contracts(run: EvidenceRun) -> dict[str, str]:
    found = {
        f"{one.origin.source}.{one.origin.dataset}": one.origin.contract
        for one in run.facts
        if one.origin.contract and one.origin.dataset
    }
    return dict(sorted(found.items()))


def _classes(run: EvidenceRun) -> tuple[str, ...]:
    seen = {one.evidence_class for one in run.judged}
    return tuple(str(one) for one in EvidenceClass if one in seen)
