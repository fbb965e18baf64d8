"""`owned`: the source has an owner, a deputy and an escalation, acknowledged by a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from contracts.promises import SourcePromises
from harness.claims import wording
from harness.claims.claim import SourceClaim, Todo, Who
from harness.claims.measures import because_of
from harness.claims.readings import phrase
from harness.claims.wording import number
from harness.facts import Fact, Register
from harness.verdict import Basis, Outcome, Verdict


def prove(promises: SourcePromises, facts: Sequence[Fact]) -> Verdict:  # noqa: ARG001 - a Proof
    """PROVEN, as a person's word, when the register names all and somebody acknowledged it."""
    return replace(_judge(facts), basis=Basis.ATTESTED)


def _judge(facts: Sequence[Fact]) -> Verdict:
    say = phrase(
        "owned",
        expected="owner, deputy, escalation, acknowledged",
        method="the pilot's register of owners, one trial an entry; a person's word",
    )
    registers = [fact for fact in facts if isinstance(fact, Register)]
    if not registers:
        because = "No register says who answers for this source."
        return because_of(say(Outcome.UNPROVEN, because, "no register", 0), "no register")
    register = registers[-1]
    entries = {
        "owner": register.owner,
        "deputy": register.deputy,
        "escalation": register.escalation,
        "acknowledgement": register.acknowledged_by,
        "date of acknowledgement": register.acknowledged_on and str(register.acknowledged_on),
    }
    absent = [what for what, who in entries.items() if not (who and who.strip())]
    n = len(entries) - len(absent)
    observed = f"{number(n)} of {number(len(entries))} entries"
    if absent:
        told = wording.listed(f"no {what}" for what in absent)
        said = say(Outcome.BROKEN, f"The register names {told}.", observed, n)
        return because_of(said, *(f"no {what}" for what in absent))
    on, today = register.acknowledged_on, register.recorded_on
    if on is not None and today is not None and on > today:
        because = f"The acknowledgement is dated {on}, and today is {today}: correct its date."
        said = say(Outcome.BROKEN, because, observed, n)
        return because_of(said, "an acknowledgement of the future")
    if register.owner == register.deputy:
        because = "Owner and deputy are the same person: nobody stands in."
        return because_of(say(Outcome.BROKEN, because, observed, n), "no other deputy")
    because = (
        f"Owner, deputy and escalation are named, acknowledged on {register.acknowledged_on}."
    )
    return say(Outcome.PROVEN, because, observed, n)


CLAIM = SourceClaim(
    name="owned",
    needs=(),
    prove=prove,
    true_when="owner, deputy and escalation are named, and acknowledged: a person's word",
    unproven_when="nobody is named at all",
    if_broken=Todo(who=Who.OWNER, what="Complete who answers for the source and who stands in."),
    if_unproven=Todo(who=Who.OWNER, what="Name who answers for the source and who stands in."),
)
