"""`within_budget`: we are never told that we ask too much, at ten times the size neither."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from contracts.promises import SourcePromises
from harness.claims import wording
from harness.claims.claim import Need, SourceClaim
from harness.claims.readings import Say, readings, saying
from harness.claims.wording import count, duration, number
from harness.facts import ContractProblem, Fact, Reading
from harness.verdict import Outcome, Verdict

TIMES = 10
"""The size that the quota must carry; it then has ten times the room at today's, where twice
would do.
"""
_X = "\N{MULTIPLICATION SIGN}"
_NIGHT_SECONDS = 24 * 3600


def prove(promises: SourcePromises, facts: Sequence[Fact]) -> Verdict:
    """PROVEN when no request was refused with 429 and the tightest quota, promised or told by the
    source, carries ten times a night's readings in the time they have.

    One trial a request. All that the source answered counts, log-ins too: the careful side.
    """
    return next(_verdicts(promises, facts))


def _verdicts(promises: SourcePromises, facts: Sequence[Fact]) -> Iterator[Verdict]:
    taken = readings(facts)
    latest = [reading for reading in taken if reading.slot == taken[-1].slot]
    needed = sum(reading.attempts for reading in latest)
    throttled = sum(reading.throttled for reading in latest)
    within = promises.read_within
    say = saying(
        "within_budget",
        expected=f"no 429, and 1{_X} and {TIMES}{_X} are carried",
        method=f"quota arithmetic over what {duration(within)} allow, one trial a request",
    )
    if not latest:
        yield say(Outcome.UNPROVEN, "Nothing was read.", "no reading", 0)
        return
    if throttled > 0:
        because = f"The source refused {count(throttled, 'request')} of {number(needed)} with 429."
        yield say(Outcome.BROKEN, because, f"{count(throttled, 'refusal')}", max(0, needed))
    yield from _unread(facts, latest, say)
    if needed <= 0:
        yield say(Outcome.UNPROVEN, "No request was seen to be counted.", "0 requests", 0)
        return
    quotas = _quotas(promises, latest)
    if not quotas:
        because = f"{count(needed, 'request')} for {count(len(latest), 'reading')}, and no quota "
        because += "is known to hold them against: promise SourcePromises(quota=…)."
        yield say(Outcome.UNPROVEN, because, f"{count(needed, 'request')}, no quota", needed)
        return
    carried, requests, seconds = min((_carried(*quota, within), *quota) for quota in quotas)
    observed = f"{number(carried)} carried, {number(needed)} needed"
    because = f"The quota carries {count(carried, 'request')} in {duration(within)}"
    if timedelta(seconds=seconds) != within:
        because += f" ({number(requests)} in {duration(timedelta(seconds=seconds))})"
    because += f": 1{_X} needs {number(needed)} (headroom {_times(carried, needed)}), "
    because += f"{TIMES}{_X} needs {number(TIMES * needed)} ({_times(carried, TIMES * needed)})"
    if carried < TIMES * needed:
        because += f": ask for {number(TIMES * needed - carried)} more."
        yield say(Outcome.BROKEN, because, observed, needed)
    yield say(Outcome.PROVEN, f"{because}; none was refused with 429.", observed, needed)


def _unread(facts: Sequence[Fact], latest: Sequence[Reading], say: Say) -> Iterator[Verdict]:
    """What was not read needs requests as well, and nobody knows how many."""
    for reading in latest:
        if reading.failure is not None:
            because = f"The reading failed: {wording.message(reading.failure.message)}."
            yield say(Outcome.ERROR, because, f"failed: {wording.name(reading.failure.kind)}", 0)
    for fact in facts:
        if isinstance(fact, ContractProblem):
            because = f"{wording.name(fact.dataset)} was not read: its contract is broken."
            yield say(Outcome.ERROR, because, "not all was read", 0)


def _quotas(promises: SourcePromises, latest: Sequence[Reading]) -> list[tuple[int, int]]:
    """Promised or told by the source, as requests and seconds; one without a window is none."""
    told = [(limit.requests, limit.seconds) for reading in latest for limit in reading.limits]
    if promises.quota is not None:
        told.append((promises.quota.requests, promises.quota.seconds))
    return [(max(0, requests), seconds) for requests, seconds in told if 0 < seconds < _FOREVER]


_FOREVER = 10 * 366 * 24 * 3600


def _carried(requests: int, seconds: int, within: timedelta) -> int:
    """What a quota lets pass in the time a night's readings have: whole windows only, at least
    one, and of a window that is longer than a night its share.
    """
    if seconds > _NIGHT_SECONDS:
        return requests * _NIGHT_SECONDS // seconds
    return requests * max(1, within // timedelta(seconds=seconds))


def _times(carried: int, needed: int) -> str:
    """Rounded down: 1.96 is not 2.0."""
    return f"{carried * 10 // needed / 10:,.1f}{_X}"


CLAIM = SourceClaim(
    name="within_budget",
    needs=(Need.READING,),
    prove=prove,
    true_when="no request is refused with 429, and the quota carries ten times as many",
    unproven_when="nothing was read; nobody said what the quota is",
)
