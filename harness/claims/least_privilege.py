"""`least_privilege`: what reading does not need, the source itself denies our login."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from connectors.connector import Probe, ProbeKind
from connectors.rights import GRANTED, LEFT_BEHIND, NOT_ASKED
from contracts.promises import SourcePromises
from harness.claims import wording
from harness.claims.claim import Need, SourceClaim, Todo, Who
from harness.claims.measures import because_of
from harness.claims.readings import phrase
from harness.claims.wording import count, number
from harness.facts import Fact, Probed
from harness.verdict import Outcome, Verdict

ALLOWED = ("00000", GRANTED)
"""Answers that allow. Others neither allow nor deny, unless the probe says it was refused."""
_SHOWN = 6


def prove(promises: SourcePromises, facts: Sequence[Fact]) -> Verdict:  # noqa: ARG001 - a Proof
    """PROVEN when the source denied everything that it was asked about. It is looked up, or tried
    on what its owner permits alone: no time-out and no other failure is a denial.

    One trial a question. One thing allowed breaks the claim, even if other questions failed.
    """
    probed = [fact for fact in facts if isinstance(fact, Probed)][-1:]
    grants = [p for fact in probed for p in fact.probes if p.kind is ProbeKind.GRANT]
    left = [p for p in grants if p.status == LEFT_BEHIND and not p.refused]
    not_asked = [p for p in grants if p.status == NOT_ASKED and not p.refused]
    probes = [probe for probe in grants if probe not in left and probe not in not_asked]
    denied = [probe for probe in probes if probe.refused]
    allowed = [probe for probe in probes if not probe.refused and probe.status in ALLOWED]
    unknown = [probe for probe in probes if not probe.refused and probe.status not in ALLOWED]
    n = len(probes)
    observed = f"{number(len(denied))} of {number(n)} denied"
    say = phrase(
        "least_privilege",
        expected="everything but reading its datasets denied",
        method="looked up at the source, or tried where its owner permits; one trial a question",
    )
    if allowed:
        powers = wording.first([wording.name(p.name) for p in allowed], at_most=_SHOWN)
        because = f"{_who(allowed)} may {powers}: revoke it.{_left(left)}"
        said = say(Outcome.BROKEN, f"{because[0].upper()}{because[1:]}", observed, n)
        return because_of(said, *(f"may {wording.name(p.name)}" for p in allowed))
    for fact in probed:
        if fact.failure is not None:
            because = f"Probing failed: {wording.message(fact.failure.message)}."
            return say(Outcome.ERROR, because, observed, n)
    for probe in unknown:
        told = f"{wording.name(probe.name)} ({wording.message(probe.detail)})"
        because = f"Neither allowed nor denied, {wording.name(probe.status)}: {told}."
        because += _left(left)
        return say(Outcome.ERROR, because, observed, n)
    for probe in not_asked:
        because = f"Not asked about all: {wording.message(probe.detail)}."
        said = say(Outcome.UNPROVEN, because, observed, n)
        return because_of(said, *(f"{wording.name(p.name)} not asked" for p in not_asked))
    if not probes:
        because = "Nothing was asked: this source cannot be asked what our log-in may do. Name "
        because += "introspection for an API that has one, or attested in pilot.yaml."
        return because_of(say(Outcome.UNPROVEN, because, "nothing asked", 0), "nothing asked")
    codes = wording.listed(dict.fromkeys(wording.name(p.status) for p in denied))
    because = f"{_who(denied)} may read and nothing else: "
    because += f"{count(n, 'other thing')} asked about, all denied ({codes})."
    because = f"{because[0].upper()}{because[1:]}{_others(fact.probes for fact in probed)}"
    return say(Outcome.PROVEN, because, observed, n)


def _others(probed: Iterable[Sequence[Probe]]) -> str:
    """Who else may do what beside our datasets: told, because it breaks no promise about us."""
    told = [probe for probes in probed for probe in probes if probe.kind is ProbeKind.OTHERS]
    by_power = {
        power: [wording.name(probe.detail) for probe in told if probe.name == power]
        for power in dict.fromkeys(probe.name for probe in told)
    }
    return "".join(
        f" {wording.first(names, at_most=_SHOWN)} may {wording.name(power)}, too."
        for power, names in by_power.items()
    )


def _left(left: Sequence[Probe]) -> str:
    """What a try has left at the source, by name."""
    names = [wording.name(probe.name) for probe in left]
    told = wording.first(names, at_most=_SHOWN)
    return f" Left behind there by this try: {told}. Look, and undo it by hand." if left else ""


def _who(probes: Sequence[Probe]) -> str:
    return wording.listed(dict.fromkeys(wording.name(probe.detail) for probe in probes))


CLAIM = SourceClaim(
    name="least_privilege",
    needs=(Need.PROBE,),
    prove=prove,
    true_when="everything but reading its datasets is denied our login by the source itself",
    unproven_when="the source cannot be asked, or only by a write that nobody has permitted",
    if_broken=Todo(who=Who.OWNER, what="Take every right but reading from our login."),
    if_unproven=Todo(
        who=Who.OWNER, what="Show what our login may not do, in the way that the verdict names."
    ),
)
