"""`authenticated`: the source lets us in and all others out, and renews what expires."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from connectors.connector import Probe, ProbeKind
from connectors.errors import AccessDenied, BrokenFile
from contracts.promises import SourcePromises
from harness.claims import wording
from harness.claims.claim import Need, SourceClaim, Todo, Who
from harness.claims.measures import because_of
from harness.claims.readings import phrase, readings
from harness.claims.wording import count
from harness.facts import Fact, Failure, Probed, Reading
from harness.verdict import Outcome, Verdict

_LET_IN = re.compile(r"2\d\d|00000|(SSH_FX_)?OK", re.IGNORECASE)
"""Answers that let somebody in: HTTP, SQLSTATE, SFTP. Others neither let in nor refuse."""

_OTHERS = {
    ProbeKind.NOBODY: "Somebody without credentials",
    ProbeKind.STRANGER: "A stranger",
}
"""Whom a source should refuse, the commonest case first."""
_OURS = {
    "expired_refused": "An assertion of ours that had run out",
    "wrong_audience_refused": "An assertion of ours for somebody else",
}
"""By the probe's name, what no source may take although it is ours."""
_TABLE_DENIED = "42501"
"""PostgreSQL's answer to a role that may not read a table; a log-in is refused by class 28."""
_NO_LOG_IN = (
    "no log-in was seen: the source asked nobody who they are, so nobody can be refused; "
    "waive the claim or leave it out"
)


def prove(promises: SourcePromises, facts: Sequence[Fact]) -> Verdict:
    """PROVEN when every reading of the run succeeded after a log-in, or failed after one for a
    reason of its dataset alone (it was denied a table, or has a file that cannot be read), the
    source itself refused whoever showed no credentials and every stranger, and a renewal came
    between two pages where the source promises to renew.

    A token may serve several datasets, so one log-in is enough for all readings of the source.
    """
    taken = readings(facts)
    latest = [reading for reading in taken if reading.slot == taken[-1].slot]
    probed = [fact for fact in facts if isinstance(fact, Probed)][-1:]
    probes = [p for kind in _OTHERS for fact in probed for p in fact.probes if p.kind is kind]
    log_ins = sum(reading.authentications for reading in latest)
    renewals = sum(reading.renewals_between_pages for reading in latest)
    observed = f"{count(log_ins, 'log-in')}, {count(sum(p.refused for p in probes), 'refusal')}"
    observed += f", {count(renewals, 'renewal')}" if promises.renews else ""
    n = log_ins + renewals + len(probes)
    renewed = ", renewed between pages" if promises.renews else ""
    say = phrase(
        "authenticated",
        expected=f"we are let in, nobody else{renewed}",
        method="log-ins, refusals and renewals that the source answered, one trial each",
    )

    for probe in probes:
        if not probe.refused and _LET_IN.fullmatch(probe.status):
            because = f"{_who(probe)} was let in: "
            because += f"the source answered {wording.name(probe.status)}."
            said = say(Outcome.BROKEN, because, observed, n)
            return because_of(said, f"{_who(probe).lower()} let in")
    denied = [reading for reading in latest if log_ins and _is_denied_a_table(reading)]
    broken = [reading for reading in latest if log_ins and _has_a_broken_file(reading)]
    failed = [r.failure for r in latest if r not in denied and r not in broken]
    for failure in (*failed, *(fact.failure for fact in probed)):
        if failure is not None:
            told = f"{wording.name(failure.kind)}{_refusal(failure, latest)}"
            because = f"{told}: {wording.message(failure.message)}."
            return say(Outcome.ERROR, because, observed, n)
    for probe in probes:
        if not probe.refused:
            because = f"{_who(probe)} was neither let in nor refused: "
            because += f"{wording.name(probe.status)}."
            return say(Outcome.ERROR, because, observed, n)
    if gaps := [*_gaps(promises, latest, probes, renewals)]:
        told = wording.listed(gaps)
        said = say(Outcome.UNPROVEN, f"{told[0].upper()}{told[1:]}.", observed, n)
        return because_of(said, *gaps)
    told = f", with {count(renewals, 'renewal')} between pages" if promises.renews else ""
    refused = [f"{who[0].lower()}{who[1:]} was refused" for who in _OTHERS.values()]
    by = [_statuses(probes, kind) for kind in _OTHERS]
    told += f", {len(denied)} of them denied a table ({_TABLE_DENIED})" if denied else ""
    told += f", {len(broken)} of them with a file that cannot be read" if broken else ""
    because = f"{count(len(latest), 'reading')} after {count(log_ins, 'log-in')}{told}; "
    because += wording.listed(f"{who} ({told})" for who, told in zip(refused, by, strict=True))
    return say(Outcome.PROVEN, f"{because}.", observed, n)


def _who(probe: Probe) -> str:
    return _OURS.get(probe.name, _OTHERS[probe.kind])


def _statuses(probes: Sequence[Probe], kind: ProbeKind) -> str:
    found = dict.fromkeys(wording.name(probe.status) for probe in probes if probe.kind is kind)
    return wording.listed(found)


def _gaps(
    promises: SourcePromises, latest: Sequence[Reading], probes: Sequence[Probe], renewals: int
) -> Iterator[str]:
    logged_in = sum(reading.authentications for reading in latest) > 0
    kinds = {probe.kind for probe in probes}
    if not latest:
        yield "nothing was read"
    elif not logged_in:
        yield "no log-in was seen" if probes else _NO_LOG_IN
    if not probes and (logged_in or not latest):
        yield "no stranger was tried: allow it with stranger_allowed"
    if probes and ProbeKind.NOBODY not in kinds:
        yield "nobody without credentials was tried"
    if probes and ProbeKind.STRANGER not in kinds:
        yield "no stranger was tried"
    if promises.renews and renewals <= 0:
        yield "no renewal between pages was seen: the token outlived the reading"


def _is_denied_a_table(reading: Reading) -> bool:
    """Whether the source let us in and denied what we then asked for."""
    is_denied = reading.failure is not None and reading.failure.kind == AccessDenied.__name__
    return is_denied and reading.refusals[-1:] == (_TABLE_DENIED,)


def _has_a_broken_file(reading: Reading) -> bool:
    """Whether the source handed over a file that then could not be read."""
    return reading.failure is not None and reading.failure.kind == BrokenFile.__name__


def _refusal(failure: Failure, latest: Sequence[Reading]) -> str:
    """What the source refused us with, where that ended the reading; not what it was waited out
    for before.
    """
    if failure.kind != AccessDenied.__name__:
        return ""
    statuses = [s for reading in latest if reading.failure == failure for s in reading.refusals]
    return f" (answered {wording.name(statuses[-1])})" if statuses else ""


CLAIM = SourceClaim(
    name="authenticated",
    needs=(Need.READING, Need.PROBE),
    prove=prove,
    true_when="we are let in; who shows no credentials and strangers are refused by the source "
    "itself; what expires is renewed",
    unproven_when="no stranger was allowed; the source knows no log-in; nothing was read; "
    "a credential that should expire did not",
    if_broken=Todo(who=Who.OWNER, what="Let nobody in without credentials that are known."),
    if_unproven=Todo(who=Who.OWNER, what="Let it be seen that strangers are refused."),
)
