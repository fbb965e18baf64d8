"""What each failed rule of a contract says: its counts, a few of its rows, and the next step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from contracts.evaluation import MISSING, Evaluation, RuleCount
from harness.claims import wording
from harness.verdict import FailedRule

MOST = 20
"""Failed rules of one verdict: as many as rules of which samples are taken."""

_CHECK = "check"
_NEXT_STEPS: Mapping[str, str] = {
    "required": "Ask {owner} to send the column again; if it is gone for good, take it out of the "
    "contract.",
    "type": "Ask {owner} to send values of the contract's type; if what came is right, correct "
    "the type in the contract.",
    "not_null": "Ask {owner} to fill in the values; if they may be missing, say nullable=True in "
    "the contract.",
    "no_control_characters": "Ask {owner} to send the text without control characters; if they "
    "belong there, name the column in control_characters.",
    "unique": "Ask {owner} which of the equal rows is right; if all are, correct the key or "
    "unique in the contract.",
    "no_other_columns": "Ask {owner} what the column means; then add it to the contract, or have "
    "it left out.",
    MISSING: "Ask {owner} to fill in the values; if the model can do without them, raise the "
    "share in missing.",
    _CHECK: "Ask {owner} to correct the values; if they are right, correct the check in the "
    "contract.",
}
"""By `RuleCount.rule`; a check has its arguments in brackets, so that none has these names."""


def failed_rules(
    failed: Sequence[tuple[RuleCount, str]], evaluation: Evaluation, source: str
) -> tuple[FailedRule, ...]:
    """What each rule of `failed` says, as far as there is room; they come with their words."""
    return tuple(_failed_rule(count, text, evaluation, source) for count, text in failed[:MOST])


def shorten(rule: str) -> str:
    """The rule as the contract states it; the values of a long list are left out."""
    text = rule.replace("_", " ") if rule.isidentifier() else rule
    whole = len(text) <= wording.LONGEST_NAME
    return wording.name(text if whole else f"{text.split('(')[0]}(…)")


def _failed_rule(count: RuleCount, text: str, evaluation: Evaluation, source: str) -> FailedRule:
    step = _NEXT_STEPS.get(count.rule, _NEXT_STEPS[_CHECK])
    name = (count.rule, count.column)
    return FailedRule(
        rule=text,
        column=None if count.column is None else wording.name(count.column),
        failed=count.failed,
        rows=count.checked,
        samples=tuple(one for one in evaluation.samples if (one.rule, one.column) == name),
        next_step=step.format(owner=f"the owner of {wording.name(source)}"),
    )
