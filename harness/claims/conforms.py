"""`conforms`: the data keep the contract, in types, rules, keys and missing values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connectors.events import Declared
from contracts.evaluation import Evaluation, Missing, RuleCount
from contracts.promises import Promises, Thresholds
from harness.claims import wording
from harness.claims.claim import DatasetClaim, Need
from harness.claims.readings import Say, judge_reading, phrase, readings
from harness.claims.type_words import explain
from harness.claims.wording import count, method, number, percent
from harness.facts import Fact
from harness.statistics.rates import trials_needed, upper_bound
from harness.verdict import Outcome, Verdict

NAMED = 3
"""Rules named in one sentence; the evaluation has them all."""
_TYPE = "type"
"""The rule of `RuleCount.rule` that speaks of types."""


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
        return say(Outcome.UNPROVEN, because, "not evaluated", 0)
    evaluation, n = found[-1], found[-1].rows
    shares = list(_judge_shares(promises, evaluation))
    if verdict := _judge_failures(evaluation, latest.declared, shares, say):
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
        return say(Outcome.UNPROVEN, because, observed, n)
    if unproven := _texts(Outcome.UNPROVEN, shares):
        return say(Outcome.UNPROVEN, f"No rule failed, but {_some(unproven)}.", observed, n)
    because = f"All {held} ran on {count(n, 'row')} and none failed"
    proven = _texts(Outcome.PROVEN, shares)
    because += f"; {_some(proven)}." if proven else "."
    return say(Outcome.PROVEN, because, observed, n)


def _judge_failures(
    evaluation: Evaluation,
    declared: Declared | None,
    shares: Sequence[tuple[Outcome, str]],
    say: Say,
) -> Verdict | None:
    """Bounds on missing values come first: the model depends on those fields."""
    failed = sorted((r for r in evaluation.rules if r.failed > 0), key=lambda r: -r.failed)
    exceeded = _texts(Outcome.BROKEN, shares)
    why = _type_words(evaluation, declared)
    if told := [*exceeded, *(_failure(rule, why) for rule in failed)]:
        observed = [count(len(exceeded), "bound") + " exceeded"] if exceeded else []
        observed += [count(len(failed), "rule") + " failed"] if failed else []
        return say(Outcome.BROKEN, f"{_some(told)}.", wording.listed(observed), evaluation.rows)
    return None


def _texts(outcome: Outcome, shares: Sequence[tuple[Outcome, str]]) -> list[str]:
    return [text for judged, text in shares if judged is outcome]


def _some(told: Sequence[str]) -> str:
    return wording.first(told, at_most=NAMED)


def _ran(rule: RuleCount, rows: int) -> bool:
    return rule.error is None and rule.checked == rows


def _failure(rule: RuleCount, why: Mapping[str | None, str]) -> str:
    where = f"{wording.name(rule.column)}: " if rule.column else ""
    told = f"{where}{number(rule.failed)} of {count(rule.checked, 'row')} fail {_shorten(rule)}"
    return told + why.get(rule.column, "") if rule.rule == _TYPE else told


def _type_words(evaluation: Evaluation, declared: Declared | None) -> dict[str | None, str]:
    """By column, what its type is at the source, and what to do."""
    held = {one.name: one.type for one in declared.columns} if declared else {}
    return {one.column: explain(held.get(one.column), one.promised) for one in evaluation.misfits}


def _not_run(rule: RuleCount) -> str:
    where = f"{wording.name(rule.column)}: " if rule.column else ""
    why = rule.error or f"it ran on {count(rule.checked, 'row')} only"
    return f"{where}{_shorten(rule)} ({wording.message(why)})"


def _shorten(rule: RuleCount) -> str:
    """The rule as the contract states it; the values of a long list are left out."""
    text = rule.rule.replace("_", " ") if rule.rule.isidentifier() else rule.rule
    whole = len(text) <= wording.LONGEST_NAME
    return wording.name(text if whole else f"{text.split('(')[0]}(…)")


def _judge_shares(promises: Promises, evaluation: Evaluation) -> Iterator[tuple[Outcome, str]]:
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
        yield _judge_share(together, field, bound, rows, promises.thresholds)


def _judge_share(
    what: str, field: Missing | None, bound: float, rows: int, thresholds: Thresholds
) -> tuple[Outcome, str]:
    if rows <= 0:
        return Outcome.UNPROVEN, f"{what}: no rows"
    if field is None or field.rows != rows or not 0 <= field.missing <= rows:
        return Outcome.ERROR, f"{what}: missing values were not counted"
    share = field.missing / rows
    of = f"({number(field.missing)} of {number(rows)})"
    shown = f"{what}: {percent(share, beside=bound)} missing, {percent(bound)} promised {of}"
    if share > bound:
        return Outcome.BROKEN, shown
    most = upper_bound(field.missing, rows, thresholds.confidence)
    if bound == 0 or most <= bound:
        return Outcome.PROVEN, shown
    needed = trials_needed(1 - bound, thresholds.confidence, failures=field.missing)
    more = count(needed - rows, "more row")
    return Outcome.UNPROVEN, f"{shown}; {more} without a missing value would prove it"


CLAIM = DatasetClaim(
    name="conforms",
    needs=(Need.READING, Need.ROWS, Need.EVALUATION),
    prove=prove,
    true_when="types, rules, keys and missing values keep the contract",
    unproven_when="no rule ran; too few rows to bound the missing values",
)
