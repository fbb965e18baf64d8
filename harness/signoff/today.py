"""The newest night of the pilot's ledger, held against what people signed; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from harness.claims.wording import first
from harness.pilot.gate_settings import Gate
from harness.report.summary import where
from harness.result import Judged, Planned
from harness.signoff.decision import Held, Name, Refusal
from harness.signoff.nights import Night
from harness.signoff.offers import Offer
from harness.signoff.requirement import reaches
from harness.verdict import GOOD, Outcome

_NAMED = 2
"""Verdicts that one sentence names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """The pilot's ledger as it is when the gate is asked."""

    continues: bool
    """Whether it holds the bundle's entries, and goes on from them."""
    offers: tuple[Offer, ...]
    """Sign-offs and revocations that it keeps."""
    night: Night | None
    judged: tuple[Judged, ...]
    """Where every planned verdict stands now."""
    ended: frozenset[Planned]
    """What an amendment excused that has ended."""
    settings_agreed: bool
    """Whether `pilot.yaml` says of gate, amendments and validity what the policy in force says."""


def check(ledger: Today | None, signed: Night | None, needed: Gate) -> Iterator[Held | Refusal]:
    """How last night went, and whether it is still what was signed."""
    if ledger is None:
        yield Refusal(
            check="ledger",
            name=Name.NO_LEDGER,
            says="nobody knows how last night went: name the PILOT, whose ledger tells",
        )
        return
    if not ledger.continues:
        says = "it does not go on from this bundle: name the ledger that the bundle is of"
        yield Refusal(check="ledger", name=Name.OTHER_LEDGER, says=says)
    else:
        yield Held(check="ledger", says="it goes on from where the bundle ends")
    if ledger.night is None:
        yield Refusal(check="night", name=Name.NO_NIGHT, says="no night was proven: prove one")
        return
    yield from _night(ledger.night)
    yield from _terms(ledger.night, signed)
    yield from _policy(ledger, needed)
    yield from _now(ledger)


def named(judged: Sequence[Judged]) -> str:
    """The first of some verdicts, in words."""
    told = [f"{one.planned.claim} of {where(one.planned)} is {one.outcome}" for one in judged]
    return first(told, at_most=_NAMED)


def _night(night: Night) -> Iterator[Held | Refusal]:
    if night.lacking:
        says = f"{night.lacking}: prove the whole plan again"
        yield Refusal(check="night", name=Name.NIGHT_INCOMPLETE, says=says)
    else:
        yield Held(check="night", says=f"{night.night}, run {night.run}, is whole")


def _terms(night: Night, signed: Night | None) -> Iterator[Held | Refusal]:
    """The newest night under the digests that were signed, one by one."""
    if signed is None:
        return  # told of the bundle
    now, then = night.signed, signed.signed
    sign = "export a new bundle, and have it signed"
    changed = (
        (Name.CONTRACTS_CHANGED, "contracts", now.contracts != then.contracts),
        (Name.CONTRACTS_CHANGED, "promises", now.promises != then.promises),
        (Name.SCOPE_CHANGED, "the verdicts that are owed", now.planned != then.planned),
        (Name.POLICY_CHANGED, "policy", now.policy != then.policy),
        (Name.CODE_CHANGED, f"code ({now.code})", now.code != then.code),
        (Name.CLASS_CHANGED, "evidence class", now.classes != then.classes),
    )
    found = {name: what for name, what, differs in changed if differs}
    for name, what in found.items():
        says = f"since the signatures, {what} changed: {sign}"
        yield Refusal(check="terms", name=name, says=says)
    if not found:
        says = "contracts, policy, scope and code are those that were signed"
        yield Held(check="terms", says=says)


def _policy(ledger: Today, needed: Gate) -> Iterator[Held | Refusal]:
    night = ledger.night
    agreed = night and night.agreed
    if not ledger.settings_agreed:
        yield Refusal(
            check="policy",
            name=Name.POLICY_CHANGED if agreed else Name.POLICY_UNSIGNED,
            says="pilot.yaml says of gate, amendments or validity what nobody agreed on: seatrial "
            "policy sign",
        )
    elif agreed and agreed.lacks:
        yield Refusal(
            check="policy",
            name=Name.POLICY_UNSIGNED,
            says=f"nobody signed the policy as {', '.join(agreed.lacks)}: seatrial policy sign",
        )
    else:
        told = f"policy {agreed.document['number']} is signed" if agreed else "the default holds"
        yield Held(check="policy", says=f"{told}; at least {needed.minimum_class} evidence")
    if night is not None and not reaches(night.signed.classes, needed.minimum_class):
        yield Refusal(
            check="policy",
            name=Name.CLASS_TOO_LOW,
            says=f"last night's evidence is {', '.join(night.signed.classes) or 'of no class'}: "
            f"prove on {needed.minimum_class}",
        )


def _now(ledger: Today) -> Iterator[Held | Refusal]:
    owed = set(ledger.night.planned) if ledger.night else set()
    missing = owed - {one.planned for one in ledger.judged}
    bad = [one for one in ledger.judged if one.outcome not in GOOD]
    if missing or not ledger.judged:
        says = f"{len(missing) or 'all'} verdicts were never judged: prove the whole plan"
        yield Refusal(check="now", name=Name.NIGHT_INCOMPLETE, says=says)
    worse = [one for one in bad if one.outcome is not Outcome.STALE]
    ended = [one for one in worse if one.planned in ledger.ended]
    other = [one for one in worse if one.planned not in ledger.ended]
    stale = [one for one in bad if one.outcome is Outcome.STALE]
    if ended:
        says = f"an amendment has ended, and {named(ended)}: repair it, or sign another"
        yield Refusal(check="now", name=Name.WAIVER_EXPIRED, says=says)
    if other:
        says = f"{named(other)}: repair it, or have it excused by who may"
        yield Refusal(check="now", name=Name.NOT_READY, says=says)
    if stale:
        says = f"{named(stale)}, for its evidence is too old: prove again"
        yield Refusal(check="now", name=Name.STALE, says=says)
    if not bad and not missing and ledger.judged:
        says = f"ready now: {len(ledger.judged)} verdicts are PROVEN or WAIVED"
        yield Held(check="now", says=says)
