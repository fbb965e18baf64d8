"""`conforms`: the data keep the contract, in types, rules, keys and missing values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from connectors.events import Declared
from contracts.evaluation import MISSING, Evaluation, Missing, RuleCount
from contracts.promises import Promises, Thresholds
from harness.claims import wording
from harness.claims.claim import DatasetClaim, Need, Todo, Who
from harness.claims.failed_rules import failed_rules, shorten
from harness.claims.measures import because_of, measured, share
from harness.claims.readings import Say, judge_reading, phrase, readings
from harness.claims.type_words import explain
from harness.claims.wording import count, method, number, percent
from harness.facts import Fact, Reading
from harness.statistics.rates import trials_needed, upper_bound
from harness.verdict import Outcome, Verdict

NAMED = 3
"""Rules named in one sentence; the evaluation has them all."""
_TYPE = "type"
"""The rule of `RuleCount.rule` that speaks of types."""


class _Share(NamedTuple):
    """What came of a bound on missing values."""

    outcome: Outcome
    text: str
    rule: str
    """The bound, as people read it."""
    failed: RuleCount | None = None
    """Its counts, if it was exceeded."""
    needed: int = 0
    """Rows that it would take to prove it, if too few came."""


def prove(promises: Promises, facts: Sequence[Fact]) -> Verdict:
    """PROVEN when every rule ran on every landed row without a failure, and the bounds on missing
    values are proven. A failure seen breaks the contract, whatever else could not be judged.
    """
    taken = readings(facts)
    rates = f"; missing values by {method(promises.thresholds.confidence, 'row')}"
    say = phrase(
        "conforms",
        expected="every rule on every row" + (", missing bounds" if promises.missing else ""),
        method="every rule on every landed row" + (rates if promises.missing else ""),
    )
    if verdict := judge_reading(taken, say):
        return verdict
    latest = taken[-1]
    found = [f for f in facts if isinstance(f, Evaluation) and f.dataset == latest.dataset]
    if not found or not found[-1].rules:
        because = "The rows were read, and no rule was held against them."
        return because_of(say(Outcome.UNPROVEN, because, "not evaluated", 0), "no rule held")
    evaluation, n = found[-1], found[-1].rows
    shares = list(_judge_shares(promises, evaluation))
    if verdict := _judge_failures(evaluation, latest, shares, say):
        return verdict
    held = count(len(evaluation.rules), "rule")
    ran = sum(_ran(rule, n) for rule in evaluation.rules)
    observed = f"{number(ran)} of {held} ran on {count(n, 'row')}"
    if n != latest.rows:
        because = f"{count(latest.rows, 'row')} landed and {number(n)} were evaluated"
        because += f": {wording.message(why)}." if (why := evaluation.rules[0].error) else "."
        return say(Outcome.ERROR, because, observed, n)
    not_run = [_not_run(rule) for rule in evaluation.rules if not _ran(rule, n)]
    if not_run := not_run + _texts(Outcome.ERROR, shares):
        return say(Outcome.ERROR, f"Could not be judged: {_some(not_run)}.", observed, n)
    if n <= 0:
        because = "No row came that the rules could be held against."
        return because_of(say(Outcome.UNPROVEN, because, observed, n), "no row")
    if unproven := _texts(Outcome.UNPROVEN, shares):
        said = say(Outcome.UNPROVEN, f"No rule failed, but {_some(unproven)}.", observed, n)
        return measured(said, {f"rows needed: {s.rule}": s.needed for s in shares if s.needed})
    because = f"All {held} ran on {count(n, 'row')} and none failed"
    proven = _texts(Outcome.PROVEN, shares)
    because += f"; {_some(proven)}." if proven else "."
    return say(Outcome.PROVEN, because, observed, n)


def _judge_failures(
    evaluation: Evaluation, latest: Reading, shares: Sequence[_Share], say: Say
) -> Verdict | None:
    """Bounds on missing values come first: the model depends on those fields."""
    failed = sorted((r for r in evaluation.rules if r.failed > 0), key=lambda r: -r.failed)
    exceeded = _texts(Outcome.BROKEN, shares)
    why = _type_words(evaluation, latest.declared)
    if not (told := [*exceeded, *(_failure(rule, why) for rule in failed)]):
        return None
    observed = [count(len(exceeded), "bound") + " exceeded"] if exceeded else []
    observed += [count(len(failed), "rule") + " failed"] if failed else []
    verdict = say(Outcome.BROKEN, f"{_some(told)}.", wording.listed(observed), evaluation.rows)
    named = [(share.failed, share.rule) for share in shares if share.failed]
    named += [(rule, shorten(rule.rule)) for rule in failed]
    verdict = replace(verdict, failed_rules=failed_rules(named, evaluation, latest.source))
    return measured(verdict, _measures(named))


def _measures(named: Sequence[tuple[RuleCount, str]]) -> dict[str, float]:
    """The share of rows that each rule failed on; the larger of two in the same words."""
    found: dict[str, float] = {}
    for rule, text in named:
        where = "" if rule.column is None else f" of {wording.name(rule.column)}"
        what = f"share of rows that fail {text}{where}"
        found[what] = max(share(rule.failed, rule.checked), found.get(what, 0))
    return found


def _texts(outcome: Outcome, shares: Sequence[_Share]) -> list[str]:
    return [share.text for share in shares if share.outcome is outcome]


def _some(told: Sequence[str]) -> str:
    return wording.first(told, at_most=NAMED)


def _ran(rule: RuleCount, rows: int) -> bool:
    return rule.error is None and rule.checked == rows


def _failure(rule: RuleCount, why: Mapping[str | None, str]) -> str:
    where = f"{wording.name(rule.column)}: " if rule.column else ""
    told = (
        f"{where}{number(rule.failed)} of {count(rule.checked, 'row')} fail {shorten(rule.rule)}"
    )
    return told + why.get(rule.column, "") if rule.rule == _TYPE else told


def _type_words(evaluation: Evaluation, declared: Declared | None) -> dict[str | None, str]:
    """By column, what its type is at the source, and what to do."""
    held = {one.name: one.type for one in declared.columns} if declared else {}
    return {one.column: explain(held.get(one.column), one.promised) for one in evaluation.misfits}


def _not_run(rule: RuleCount) -> str:
    where = f"{wording.name(rule.column)}: " if rule.column else ""
    why = rule.error or f"it ran on {count(rule.checked, 'row')} only"
    return f"{where}{shorten(rule.rule)} ({wording.message(why)})"


def _judge_shares(promises: Promises, evaluation: Evaluation) -> Iterator[_Share]:
    """Each promised bound on missing values, judged by the rows."""
    counted = {each.column: each for each in evaluation.missing}
    for column, most in promises.missing.items():
        field = counted.get(column)
        yield _judge_share(wording.name(column), field, most, evaluation.rows, promises.thresholds)
    bound = promises.missing_jointly
    # One field is missing as often jointly as alone: a bound no stricter is judged already.
    if bound is not None and (
        len(promises.missing) != 1 or bound < min(promises.missing.values())
    ):
        together = f"any of {count(len(promises.missing), 'critical field')}"
        jointly = evaluation.missing_jointly
        rows = evaluation.rows
        field = None if jointly is None else Missing(column=together, rows=rows, missing=jointly)
        share = _judge_share(together, field, bound, rows, promises.thresholds)
        in_any = f"{share.rule} in {together}"
        yield share._replace(
            rule=in_any, failed=share.failed and replace(share.failed, column=None)
        )


def _judge_share(
    what: str, field: Missing | None, bound: float, rows: int, thresholds: Thresholds
) -> _Share:
    say = partial(_Share, rule=f"at most {percent(bound)} missing")
    if rows <= 0:
        return say(Outcome.UNPROVEN, f"{what}: no rows")
    if field is None or field.rows != rows or not 0 <= field.missing <= rows:
        return say(Outcome.ERROR, f"{what}: missing values were not counted")
    share = field.missing / rows
    of = f"({number(field.missing)} of {number(rows)})"
    shown = f"{what}: {percent(share, beside=bound)} missing, {percent(bound)} promised {of}"
    if share > bound:
        failed = RuleCount(rule=MISSING, column=field.column, checked=rows, failed=field.missing)
        return say(Outcome.BROKEN, shown, failed=failed)
    most = upper_bound(field.missing, rows, thresholds.confidence)
    if bound == 0 or most <= bound:
        return say(Outcome.PROVEN, shown)
    needed = trials_needed(1 - bound, thresholds.confidence, failures=field.missing)
    more = count(needed - rows, "more row")
    told = f"{shown}; {more} without a missing value would prove it"
    return say(
        Outcome.UNPROVEN,
        told,
        rule=f"{what}, at most {percent(bound)} missing",
        needed=needed - rows,
    )


CLAIM = DatasetClaim(
    name="conforms",
    needs=(Need.READING, Need.ROWS, Need.EVALUATION),
    prove=prove,
    true_when="types, rules, keys and missing values keep the contract",
    unproven_when="no rule ran; too few rows to bound the missing values",
    if_broken=Todo(who=Who.OWNER, what="Correct the values that break the contract."),
    if_unproven=Todo(who=Who.OWNER, what="Deliver enough rows to judge the contract by."),
)
