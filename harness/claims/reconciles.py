"""`reconciles`: keys are found again in other datasets, and amounts agree."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from math import isclose, isfinite, log10
from typing import NamedTuple

from contracts.evaluation import AmountsFound, KeysFound
from contracts.promises import Promises, Reconciliation, Thresholds
from harness.claims import wording
from harness.claims.claim import DatasetClaim, Need, Todo, Who
from harness.claims.measures import because_of, measured
from harness.claims.readings import judge_reading, phrase, readings
from harness.claims.wholeness import Wholeness, wholeness
from harness.claims.wording import count, method, number, percent
from harness.facts import Fact, Overlap, Reading
from harness.statistics.rates import lower_bound, trials_needed
from harness.verdict import Outcome, Verdict

NAMED = 3
"""Findings named in one sentence; the overlaps have them all."""
_OPENING = {
    Outcome.BROKEN: "",
    Outcome.ERROR: "Could not be judged: ",
    Outcome.UNPROVEN: "Not enough evidence: ",
    Outcome.PROVEN: "As promised, ",
}
"""Worst first: the verdict's outcome is the worst of its findings."""
_SIZE = {
    Outcome.BROKEN: "that fail in",
    Outcome.UNPROVEN: "still needed in",
    Outcome.PROVEN: "in",
}
"""What is counted of keys and amounts."""


class _Found(NamedTuple):
    """What came of one promise."""

    outcome: Outcome
    text: str
    what: str = ""
    """What `size` counts."""
    size: float = 1


def prove(promises: Promises, facts: Sequence[Fact]) -> Verdict:
    """PROVEN when enough distinct keys bound the share of those found again in every promised
    dataset, and of those whose amounts agree.

    One trial a distinct key. The two sides are read one after the other: a key that was added in
    between counts as not found, for it looks like one that is missing.
    """
    taken, wanted = readings(facts), promises.thresholds
    say = phrase(
        "reconciles",
        expected=f"{percent(wanted.matched)} found again and agreeing",
        method=method(wanted.confidence, "distinct key"),
    )
    counted = {fact.promised: fact for fact in facts if isinstance(fact, Overlap)}
    ours = {f"{overlap.source}.{overlap.dataset}" for overlap in counted.values()}
    others = {promised.dataset for promised in counted} - ours
    if verdict := judge_reading([r for r in taken if _name(r) not in others], say):
        return verdict
    if not promises.reconciles:
        because = "Nothing is promised of another dataset: add reconciles to the contract."
        return because_of(say(Outcome.UNPROVEN, because, "not promised", 0), "nothing promised")
    cut = {_name(reading) for reading in taken if wholeness(reading) is Wholeness.CUT}
    judged = [
        one
        for promised in promises.reconciles
        for one in _judge_one(promised, counted.get(promised), wanted, cut)
    ]
    found = [fact.found for fact in counted.values() if fact.found is not None]
    n = max(0, sum(each.keys for each in found))
    observed = f"{number(max(0, sum(each.found for each in found)))} of {count(n, 'key')} found"
    worst = min((one.outcome for one in judged), key=list(_OPENING).index)
    chosen = [one for one in judged if one.outcome is worst]
    told = [one.text for one in chosen]
    because = f"{_OPENING[worst]}{wording.first(told, at_most=NAMED)}."
    if worst not in (Outcome.BROKEN, Outcome.UNPROVEN):
        return say(worst, because, observed, n)
    return measured(say(worst, because, observed, n), {one.what: one.size for one in chosen})


def _judge_one(
    promised: Reconciliation, overlap: Overlap | None, wanted: Thresholds, cut: Collection[str]
) -> Iterator[_Found]:
    """Judge one promise: its keys, then its amounts."""
    other = wording.name(promised.dataset)
    if overlap is None:
        told = f"the keys were not looked for in {other}"
        yield _Found(Outcome.UNPROVEN, told, f"keys not looked for in {other}")
    elif overlap.failure is not None:
        yield _Found(Outcome.ERROR, wording.message(overlap.failure.message))
    elif overlap.found is None or not _adds_up(promised, overlap.found):
        yield _Found(Outcome.ERROR, f"the counts of keys in {other} do not add up")
    elif overlap.found.keys == 0:
        told = f"no key came that could be looked for in {other}"
        yield _Found(Outcome.UNPROVEN, told, f"no key for {other}")
    elif promised.dataset in cut:  # what is not found may be among the rows that did not come
        told = f"{other} was not read whole: see its complete"
        yield _Found(Outcome.UNPROVEN, told, f"{other} not read whole")
    else:
        yield _judge_keys(promised, overlap.found, wanted)
        if overlap.found.amounts is not None:
            yield _judge_amounts(promised, overlap.found.amounts, wanted)


def _adds_up(promised: Reconciliation, found: KeysFound) -> bool:
    amounts = found.amounts
    keys = 0 <= found.found <= found.keys - found.formless <= found.keys
    if amounts is None or promised.amount is None:
        return keys and amounts is None and promised.amount is None
    return keys and 0 <= amounts.agreeing <= amounts.compared == found.found


def _judge_keys(promised: Reconciliation, found: KeysFound, wanted: Thresholds) -> _Found:
    keys, other = f"of {wording.name(promised.ours)}", wording.name(promised.dataset)
    outcome, much, size = _judge_share(found.found, found.keys, wanted)
    if missing := found.keys - found.found:
        shown = f"{number(missing)} of {count(found.keys, 'key')} {keys} {_are(missing)} not in "
        shown += other
        shown += f", {number(found.formless)} without the promised form" if found.formless else ""
    else:
        shown = f"all {count(found.keys, 'key')} {keys} {_are(found.keys)} in {other}"
    return _Found(outcome, f"{shown} ({much})", f"keys {_SIZE[outcome]} {other}", size)


def _judge_amounts(promised: Reconciliation, amounts: AmountsFound, wanted: Thresholds) -> _Found:
    assert promised.amount is not None
    ours, other = wording.name(promised.amount.ours), wording.name(promised.dataset)
    if amounts.compared == 0:
        told = f"no key was found in {other} whose {ours} could be compared"
        return _Found(Outcome.UNPROVEN, told, f"no {ours} to compare in {other}")
    outcome, much, size = _judge_share(amounts.agreeing, amounts.compared, wanted)
    compared = count(amounts.compared, "key")
    if differing := amounts.compared - amounts.agreeing:
        differ = "differs" if differing == 1 else "differ"
        shown = f"{ours} {differ} in {other} for {number(differing)} of {compared}"
        shown += _suspicion(amounts)
    else:
        shown = f"{ours} agrees with {other} for all {compared}"
    what = f"{ours} of keys {_SIZE[outcome]} {other}"
    return _Found(outcome, f"{shown} ({much})", what, size)


def _judge_share(good: int, trials: int, wanted: Thresholds) -> tuple[Outcome, str, float]:
    """A share below what is promised, proven, or with too few trials; and how bad that is: the
    share that fails, or the trials that are still needed.
    """
    asked = percent(wanted.matched)
    share = good / trials
    if share < wanted.matched:
        told = f"{percent(share, beside=wanted.matched)}, and {asked} is promised"
        return Outcome.BROKEN, told, 1 - share
    least = lower_bound(good, trials, wanted.confidence)
    bound = f"at least {percent(least, beside=wanted.matched)}, with "
    bound += f"{percent(wanted.confidence)} confidence"
    if least >= wanted.matched:
        return Outcome.PROVEN, bound, 0
    needed = trials_needed(wanted.matched, wanted.confidence, failures=trials - good)
    more = count(needed - trials, "more good key")
    return Outcome.UNPROVEN, f"{bound}; {more} would prove {asked}", needed - trials


def _suspicion(amounts: AmountsFound) -> str:
    """What the differences suggest: a wrong unit makes most of them a power of ten."""
    ratio, largest = amounts.ratio, amounts.largest_difference
    if ratio is not None and isfinite(ratio) and ratio > 0:
        power = round(log10(ratio))
        if power and isclose(ratio, 10.0**power, rel_tol=_NEAR):
            return f", mostly by a factor of {ratio:g}: see that the unit is right"
    if largest is not None and 0 <= largest <= _OPPOSITE:
        return f", by up to {percent(largest)}"
    return ""


def _name(reading: Reading) -> str:
    return f"{reading.source}.{reading.dataset}"


def _are(n: int) -> str:
    return "is" if n == 1 else "are"


_NEAR = 0.01
"""A tax or a rounding beside a wrong unit still shows the unit."""
_OPPOSITE = 2
"""A difference as a share of the larger sum cannot be more."""


CLAIM = DatasetClaim(
    name="reconciles",
    needs=(Need.READING, Need.ROWS, Need.OVERLAP),
    prove=prove,
    true_when="keys are found again in other datasets and amounts agree, "
    "where a contract promises it",
    unproven_when="nothing is promised of another dataset; too few keys",
    where_promised="reconciles",
    if_broken=Todo(who=Who.OWNER, what="Explain the keys that the other system does not know."),
    if_unproven=Todo(who=Who.OWNER, what="Deliver enough keys to compare both systems by."),
)
