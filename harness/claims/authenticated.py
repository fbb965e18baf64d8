"""`authenticated`: the source lets us in and strangers out, and renews what expires."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from connectors.connector import Probe, ProbeKind
from contracts.promises import SourcePromises
from harness.claims import wording
from harness.claims.claim import Need, SourceClaim
from harness.claims.readings import phrase, readings
from harness.claims.wording import count
from harness.facts import Fact, Probed, Reading
from harness.verdict import Outcome, Verdict

_LET_IN = re.compile(r"2\d\d|00000|(SSH_FX_)?OK", re.IGNORECASE)
"""Answers that let somebody in: HTTP, SQLSTATE, SFTP. Others neither let in nor refuse."""


def prove(promises: SourcePromises, facts: Sequence[Fact]) -> Verdict:
    """PROVEN when every reading of the run succeeded after a log-in, the source itself refused
    every stranger, and a renewal came between two pages where the source promises to renew.

    A token may serve several datasets, so one log-in is enough for all readings of the source.
    """
    taken = readings(facts)
    latest = [reading for reading in taken if reading.slot == taken[-1].slot]
    probed = [fact for fact in facts if isinstance(fact, Probed)][-1:]
    probes = [p for fact in probed for p in fact.probes if p.kind is ProbeKind.STRANGER]
    log_ins = sum(reading.authentications for reading in latest)
    renewals = sum(reading.renewals_between_pages for reading in latest)
    observed = f"{count(log_ins, 'log-in')}, {count(sum(p.refused for p in probes), 'refusal')}"
    observed += f", {count(renewals, 'renewal')}" if promises.renews else ""
    n = log_ins + renewals + len(probes)
    renewed = ", renewed between pages" if promises.renews else ""
    say = phrase(
        "authenticated",
        expected=f"we are let in, strangers refused{renewed}",
        method="log-ins, refusals and renewals that the source answered, one trial each",
    )

    for probe in probes:
        if not probe.refused and _LET_IN.fullmatch(probe.status):
            because = f"A stranger was let in: the source answered {wording.name(probe.status)}."
            return say(Outcome.BROKEN, because, observed, n)
    for failure in (*(reading.failure for reading in latest), *(fact.failure for fact in probed)):
        if failure is not None:
            told = f"{wording.name(failure.kind)}{_last_refusal(latest)}"
            because = f"{told}: {wording.message(failure.message)}."
            return say(Outcome.ERROR, because, observed, n)
    for probe in probes:
        if not probe.refused:
            because = f"The stranger was neither let in nor refused: {wording.name(probe.status)}."
            return say(Outcome.ERROR, because, observed, n)
    if gaps := [*_gaps(promises, latest, probes, renewals)]:
        told = wording.listed(gaps)
        return say(Outcome.UNPROVEN, f"{told[0].upper()}{told[1:]}.", observed, n)
    told = f", with {count(renewals, 'renewal')} between pages" if promises.renews else ""
    statuses = wording.listed(dict.fromkeys(wording.name(probe.status) for probe in probes))
    because = f"{count(len(latest), 'reading')} after {count(log_ins, 'log-in')}{told}; "
    because += f"a stranger was refused ({statuses})."
    return say(Outcome.PROVEN, because, observed, n)


def _gaps(
    promises: SourcePromises, latest: Sequence[Reading], probes: Sequence[Probe], renewals: int
) -> Iterator[str]:
    if not latest:
        yield "nothing was read"
    elif sum(reading.authentications for reading in latest) <= 0:
        yield "no log-in was seen"
    if not probes:
        yield "no stranger was tried: allow it with stranger_allowed"
    if promises.renews and renewals <= 0:
        yield "no renewal between pages was seen: the token outlived the reading"


def _last_refusal(latest: Sequence[Reading]) -> str:
    """The source's last refusal, if there was one."""
    statuses = [status for reading in latest for status in reading.refusals]
    return f" (answered {wording.name(statuses[-1])})" if statuses else ""


CLAIM = SourceClaim(
    name="authenticated",
    needs=(Need.READING, Need.PROBE),
    prove=prove,
    true_when="we are let in, strangers are refused by the source itself, what expires is renewed",
    unproven_when="no stranger was allowed; nothing was read; "
    "a credential that should expire did not",
)
