"""`least_privilege`: what reading does not need, the source itself denies our login."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from connectors.connector import Probe, ProbeKind
from contracts.promises import SourcePromises
from harness.claims import wording
from harness.claims.claim import Need, SourceClaim
from harness.claims.measures import because_of
from harness.claims.readings import phrase
from harness.claims.wording import count, number
from harness.facts import Fact, Probed
from harness.verdict import Outcome, Verdict

ALLOWED = ("00000", "granted")
"""Answers that allow. Others neither allow nor deny, unless the probe says it was refused."""
_SHOWN = 6


def prove(promises: SourcePromises, facts: Sequence[Fact]) -> Verdict:  # noqa: ARG001 - a Proof
    """PROVEN when the source denied everything that it was asked about; nothing is ever tried.

    One trial a question. One thing allowed breaks the claim, even if other questions failed.
    """
    probed = [fact for fact in facts if isinstance(fact, Probed)][-1:]
    probes = [p for fact in probed for p in fact.probes if p.kind is ProbeKind.GRANT]
    denied = [probe for probe in probes if probe.refused]
    allowed = [probe for probe in probes if not probe.refused and probe.status in ALLOWED]
    unknown = [probe for probe in probes if not probe.refused and probe.status not in ALLOWED]
    n = len(probes)
    observed = f"{number(len(denied))} of {number(n)} denied"
    say = phrase(
        "least_privilege",
        expected="everything but reading its datasets denied",
        method="explained and looked up at the source, never tried; one trial a question",
    )
    if allowed:
        powers = wording.first([wording.name(p.name) for p in allowed], at_most=_SHOWN)
        because = f"{_who(allowed)} may {powers}: revoke it."
        said = say(Outcome.BROKEN, f"{because[0].upper()}{because[1:]}", observed, n)
        return because_of(said, *(f"may {wording.name(p.name)}" for p in allowed))
    for fact in probed:
        if fact.failure is not None:
            because = f"Probing failed: {wording.message(fact.failure.message)}."
            return say(Outcome.ERROR, because, observed, n)
    for probe in unknown:
        told = f"{wording.name(probe.name)} ({wording.message(probe.detail)})"
        because = f"Neither allowed nor denied, {wording.name(probe.status)}: {told}."
        return say(Outcome.ERROR, because, observed, n)
    if not probes:
        because = "Nothing was asked: no write is harmless to ask about here. 1 refused write is "
        because += "needed, on a scratch object with its owner's written permission."
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


def _who(probes: Sequence[Probe]) -> str:
    return wording.listed(dict.fromkeys(wording.name(probe.detail) for probe in probes))


CLAIM = SourceClaim(
    name="least_privilege",
    needs=(Need.PROBE,),
    prove=prove,
    true_when="everything but reading its datasets is denied our login by the source itself",
    unproven_when="the source cannot be asked without trying",
)
