"""`within_budget`: the source never answers 429, and its quota carries ten times as much."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from contracts.promises import SourcePromises
from harness.claims import wording
from harness.claims.claim import Need, SourceClaim
from harness.claims.readings import Say, phrase, readings
from harness.claims.wording import count, duration, number
from harness.facts import ContractProblem, Fact, Reading
from harness.verdict import Outcome, Verdict

TIMES = 10
"""The quota must carry so many times today's requests."""
_X = "\N{MULTIPLICATION SIGN}"
_NIGHT_SECONDS = 24 * 3600


def prove(promises: SourcePromises, facts: Sequence[Fact]) -> Verdict:
    """PROVEN when no request was refused with 429, and the tightest quota, promised or declared by
    the source, carries ten times the requests of a night in the time for them.

    One trial a request. Every answer of the source counts, log-ins included, to be careful.
    """
    taken = readings(facts)
    latest = [reading for reading in taken if reading.slot == taken[-1].slot]
    needed = sum(reading.attempts for reading in latest)
    throttled = sum(reading.throttled for reading in latest)
    within = promises.read_within
    say = phrase(
        "within_budget",
        expected=f"no 429, and 1{_X} and {TIMES}{_X} are carried",
        method=f"quota arithmetic over what {duration(within)} allow, one trial a request",
    )
    if not latest:
        return say(Outcome.UNPROVEN, "Nothing was read.", "no reading", 0)
    if throttled > 0:
        because = f"The source refused {count(throttled, 'request')} of {number(needed)} with 429."
        return say(Outcome.BROKEN, because, f"{count(throttled, 'refusal')}", max(0, needed))
    if verdict := _judge_unread(facts, latest, say):
        return verdict
    if needed <= 0:
        return say(Outcome.UNPROVEN, "No request was seen to be counted.", "0 requests", 0)
    quotas = _quotas(promises, latest)
    if not quotas:
        because = f"{count(needed, 'request')} for {count(len(latest), 'reading')}, and no quota "
        because += "is known to hold them against: promise SourcePromises(quota=…)."
        return say(Outcome.UNPROVEN, because, f"{count(needed, 'request')}, no quota", needed)
    carried, requests, seconds = min((_capacity(*quota, within), *quota) for quota in quotas)
    observed = f"{number(carried)} carried, {number(needed)} needed"
    because = f"The quota carries {count(carried, 'request')} in {duration(within)}"
    if timedelta(seconds=seconds) != within:
        because += f" ({number(requests)} in {duration(timedelta(seconds=seconds))})"
    because += f": 1{_X} needs {number(needed)} (headroom {_headroom(carried, needed)}), "
    because += f"{TIMES}{_X} needs {number(TIMES * needed)} ({_headroom(carried, TIMES * needed)})"
    if carried < TIMES * needed:
        because += f": ask for {number(TIMES * needed - carried)} more."
        return say(Outcome.BROKEN, because, observed, needed)
    return say(Outcome.PROVEN, f"{because}; none was refused with 429.", observed, needed)


def _judge_unread(facts: Sequence[Fact], latest: Sequence[Reading], say: Say) -> Verdict | None:
    """The verdict where something was not read: its requests are not known. None otherwise."""
    for reading in latest:
        if reading.failure is not None:
            because = f"The reading failed: {wording.message(reading.failure.message)}."
            return say(Outcome.ERROR, because, f"failed: {wording.name(reading.failure.kind)}", 0)
    for fact in facts:
        if isinstance(fact, ContractProblem):
            because = f"{wording.name(fact.dataset)} was not read: its contract is broken."
            return say(Outcome.ERROR, because, "not all was read", 0)
    return None


def _quotas(promises: SourcePromises, latest: Sequence[Reading]) -> list[tuple[int, int]]:
    """Quotas as requests and seconds, promised or declared by the source, with a usable window."""
    told = [(limit.requests, limit.seconds) for reading in latest for limit in reading.limits]
    if promises.quota is not None:
        told.append((promises.quota.requests, promises.quota.seconds))
    return [(max(0, requests), seconds) for requests, seconds in told if 0 < seconds < _FOREVER]


_FOREVER = 10 * 366 * 24 * 3600


def _capacity(requests: int, seconds: int, within: timedelta) -> int:
    """Requests that a quota allows in the time for a night's readings: in whole windows, at least
    one; of a window longer than a night, the night's share.
    """
    if seconds > _NIGHT_SECONDS:
        return requests * _NIGHT_SECONDS // seconds
    return requests * max(1, within // timedelta(seconds=seconds))


def _headroom(carried: int, needed: int) -> str:
    """Rounded down: 1.96 is not 2.0."""
    return f"{carried * 10 // needed / 10:,.1f}{_X}"


CLAIM = SourceClaim(
    name="within_budget",
    needs=(Need.READING, Need.ROWS),
    prove=prove,
    true_when="no request is refused with 429, and the quota carries ten times as many",
    unproven_when="nothing was read; nobody said what the quota is",
)
