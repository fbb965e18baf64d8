"""`within_budget`: no request is refused for its number, and the quota carries ten times as many.

429 · SlowDown · 403 with Retry-After · 403 or 503 with nothing left of a quota    ─▶ BROKEN
any other answer after which a request was sent again (503 may be an outage)       ─▶ UNPROVEN
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from contracts.promises import SourcePromises
from harness.claims import wording
from harness.claims.claim import Need, SourceClaim, Todo, Who
from harness.claims.measures import because_of, measured, share
from harness.claims.readings import Say, phrase, readings
from harness.claims.wording import count, duration, number
from harness.facts import ContractProblem, Fact, Probed, Reading, StatusCount
from harness.verdict import Outcome, Verdict

TIMES = 10
"""The quota must carry so many times today's requests."""
_X = "\N{MULTIPLICATION SIGN}"
_NIGHT_SECONDS = 24 * 3600


def prove(promises: SourcePromises, facts: Sequence[Fact]) -> Verdict:
    """PROVEN when no request was refused, for its number or with any answer after which it was
    sent again, and the tightest quota, promised or declared by the source, carries ten times the
    requests of a night in the time for them.

    One trial a request. Every answer of the source counts, to a log-in or a probe too. What others
    who share our budget spent meanwhile is needed as well, and was no trial of ours.
    """
    taken = readings(facts)
    latest = [reading for reading in taken if reading.slot == taken[-1].slot]
    probed = [fact for fact in facts if isinstance(fact, Probed)][-1:]
    asked = sum(reading.attempts for reading in latest) + sum(one.attempts for one in probed)
    others = sum(max(0, reading.spent_by_others) for reading in latest)
    needed = asked + others
    within = promises.read_within
    say = phrase(
        "within_budget",
        expected=f"none refused, and 1{_X} and {TIMES}{_X} are carried",
        method=f"quota arithmetic over what {duration(within)} allow, one trial a request",
    )
    if not latest:
        return because_of(
            say(Outcome.UNPROVEN, "Nothing was read.", "no reading", 0), "no reading"
        )
    if refused := _refused_for_number(latest):
        because = f"The source refused {count(refused.total(), 'request')} of {number(asked)} "
        because += f"for their number ({_names(refused)})."
        said = say(Outcome.BROKEN, because, count(refused.total(), "refusal"), max(0, asked))
        part = share(refused.total(), asked)
        return measured(said, {"share of requests refused for their number": part})
    if verdict := _judge_unread(facts, latest, say):
        return verdict
    if asked <= 0:
        said = say(Outcome.UNPROVEN, "No request was seen to be counted.", "0 requests", 0)
        return because_of(said, "no request")
    quotas = _quotas(promises, latest)
    doubt = _doubt(latest, probed)
    if not quotas:
        unknown = f"{count(asked, 'request')} for {count(len(latest), 'reading')}, and no quota "
        unknown += "is known to hold them against: promise SourcePromises(quota=…)"
        seen = f"{count(asked, 'request')}, no quota"
        said = say(Outcome.UNPROVEN, f"{doubt or unknown}.", seen, asked)
        return measured(said, {"no quota": 1, **_doubted(latest, probed)})
    carried, requests, seconds = min((_capacity(*quota, within), *quota) for quota in quotas)
    observed = f"{number(carried)} carried, {number(needed)} needed"
    because = f"The quota carries {count(carried, 'request')} in {duration(within)}"
    if timedelta(seconds=seconds) != within:
        because += f" ({number(requests)} in {duration(timedelta(seconds=seconds))})"
    because += f": 1{_X} needs {number(needed)}{_of(others)} "
    because += f"(headroom {_headroom(carried, needed)}), "
    because += f"{TIMES}{_X} needs {number(TIMES * needed)} ({_headroom(carried, TIMES * needed)})"
    if carried < TIMES * needed:
        because += f": ask for {number(TIMES * needed - carried)} more."
        lacking = {"requests that the quota lacks": TIMES * needed - carried}
        return measured(say(Outcome.BROKEN, because, observed, asked), lacking)
    if doubt is not None:
        said = say(Outcome.UNPROVEN, f"{doubt}.", observed, asked)
        return measured(said, _doubted(latest, probed))
    return say(Outcome.PROVEN, f"{because}; none was refused.", observed, asked)


def _of(others: int) -> str:
    return f", {number(others)} of them of others who share our budget" if others else ""


def _refused_for_number(latest: Sequence[Reading]) -> Counter[str]:
    """Answers that surely refused for the number of requests, by status."""
    found = Counter({"429": sum(reading.throttled for reading in latest)})
    return +(found + _by_status(one for reading in latest for one in reading.overloads))


def _doubt(latest: Sequence[Reading], probed: Sequence[Probed]) -> str | None:
    """Refusals that may have been for the number of requests, or may not."""
    again = _by_status(one for reading in latest for one in reading.resent)
    if again:
        return (
            f"{count(again.total(), 'request')} {_was(again)} refused and sent again "
            f"({_names(again)}): a limit or an outage, ask the source's owner which"
        )
    probes = _by_status(one for fact in probed for one in fact.overloads)
    if probes:
        return (
            f"{count(probes.total(), 'request')} of the probes {_was(probes)} refused for their "
            f"number ({_names(probes)}): whether our own are near a limit is not known"
        )
    return None


def _doubted(latest: Sequence[Reading], probed: Sequence[Probed]) -> dict[str, float]:
    found = {
        "requests refused and sent again": sum(
            one.n for reading in latest for one in reading.resent
        ),
        "requests of probes refused": sum(one.n for fact in probed for one in fact.overloads),
    }
    return {what: n for what, n in found.items() if n > 0}


def _by_status(counts: Iterable[StatusCount]) -> Counter[str]:
    found: Counter[str] = Counter()
    for one in counts:
        found[one.status] += one.n
    return +found


def _names(counts: Counter[str]) -> str:
    return wording.listed(map(wording.name, sorted(counts)))


def _was(counts: Counter[str]) -> str:
    return "was" if counts.total() == 1 else "were"


def _judge_unread(facts: Sequence[Fact], latest: Sequence[Reading], say: Say) -> Verdict | None:
    """The verdict where something was not read: its requests are not known. None otherwise."""
    for reading in latest:
        if reading.failure is not None:
            because = f"{wording.name(reading.dataset)} was not read: "
            because += f"{wording.message(reading.failure.message)}."
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
    true_when="no request is refused for its number, and the quota carries ten times as many",
    unproven_when="nothing was read; nobody said what the quota is; "
    "a request was refused otherwise and sent again",
    if_broken=Todo(who=Who.OWNER, what="Let us send as many requests as the pilot needs."),
    if_unproven=Todo(who=Who.OWNER, what="Say how many requests we may send."),
)
