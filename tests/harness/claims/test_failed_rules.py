"""What a verdict of `conforms` says of each failed rule: counts, samples, the next step."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contracts.evaluation import MISSING, Missing, Sample, Shown
from contracts.promises import Promises
from contracts.rules import Kind
from harness.claims.conforms import prove
from harness.claims.failed_rules import MOST
from harness.report.failed_rules import lines
from harness.verdict import Outcome
from tests.harness.claims.made import NIGHTLY, evaluation, reading, rule

SEGMENTS = Promises(
    key=("customer_key",), missing={"segment": 0.02, "phone": 0.5}, missing_jointly=0.02
)
SAMPLE = Sample(
    rule="not_null",
    column="name",
    rows=(14,),
    delivery=None,
    key=(Shown(column="customer_key", text="42"),),
    values=(),
)
FILL_IN = (
    "Ask the owner of logistics to fill in the values; if they may be missing, say nullable=True "
    "in the contract."
)


def told(*facts, promises=NIGHTLY):
    return [line for _, line in lines(prove(promises, [reading(), *facts]))]


def test_a_failed_rule_says_its_rows_its_samples_and_the_next_step():
    found = replace(evaluation(rule(failed=30)), samples=(SAMPLE,))
    assert told(found) == [
        "name, not null: 30 of 1,500 rows fail (2\N{NO-BREAK SPACE}%)",
        "row 14, customer_key 42",
        f"Next: {FILL_IN}",
    ]


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"key": ()}, "row 14"),
        ({"rows": (3, 1_409)}, "rows 3 and 1,409, customer_key 42"),
        ({"delivery": "a\n.csv"}, "row 14 (a\N{REPLACEMENT CHARACTER}.csv), customer_key 42"),
        ({"values": (Shown(column="name", text="text"),)}, "row 14, customer_key 42: text"),
        (
            {"values": (Shown(column="name", text="text"), Shown(column="b", text='"c"'))},
            'row 14, customer_key 42: text, b "c"',
        ),
    ],
)
def test_a_sample_says_where_its_row_is_and_what_is_in_it(changed, line):
    found = replace(evaluation(rule(failed=1)), samples=(replace(SAMPLE, **changed),))
    assert told(found)[1] == line


def test_the_rows_of_one_rule_are_no_samples_of_another():
    found = evaluation(rule(failed=1), rule(column="phone", failed=2), rule("unique", failed=3))
    verdict = prove(NIGHTLY, [reading(), replace(found, samples=(SAMPLE,))])
    assert [(one.rule, one.samples) for one in verdict.failed_rules] == [
        ("unique", ()),
        ("not null", ()),
        ("not null", (SAMPLE,)),
    ]


def test_bounds_on_missing_values_come_first_each_with_its_rows():
    sample = replace(SAMPLE, rule=MISSING, column="segment")
    counted = (
        Missing(column="segment", rows=1_500, missing=45),
        Missing(column="phone", rows=1_500, missing=60),
    )
    found = replace(
        evaluation(rule(failed=100)), missing=counted, missing_jointly=90, samples=(sample,)
    )
    verdict = prove(SEGMENTS, [reading(), found])
    assert [(one.column, one.rule, one.failed, one.samples) for one in verdict.failed_rules] == [
        ("segment", "at most 2 % missing", 45, (sample,)),
        (None, "at most 2 % missing in any of 2 critical fields", 90, ()),
        ("name", "not null", 100, ()),
    ]


@pytest.mark.parametrize("kind", [*Kind, MISSING])
def test_each_kind_of_rule_has_a_next_step_in_one_sentence(kind):
    """Positive control: only a check has the step of a check."""
    found = evaluation(rule(kind, failed=1), rule("in_range(0, 1)", failed=1))
    one, check = prove(NIGHTLY, [reading(source="c\nrm"), found]).failed_rules
    assert one.next_step.startswith("Ask the owner of c\N{REPLACEMENT CHARACTER}rm ")
    assert one.next_step.count(".") == one.next_step.endswith(".") == 1
    assert (one.next_step == check.next_step) == (kind == Kind.CHECK)


def test_a_verdict_holds_so_many_failed_rules_and_counts_them_all():
    many = [rule(column=f"c{n}", failed=n) for n in range(1, MOST + 3)]
    verdict = prove(NIGHTLY, [reading(), evaluation(*many)])
    assert len(verdict.failed_rules) == MOST
    assert verdict.failed_rules[0].failed == MOST + 2
    assert verdict.observed == f"{MOST + 2} rules failed"
    assert "and 19 more." in verdict.because


def test_what_did_not_fail_says_nothing():
    for found in (evaluation(), evaluation(rule(checked=0, error="it raised"))):
        verdict = prove(NIGHTLY, [reading(), found])
        assert verdict.outcome is not Outcome.BROKEN
        assert verdict.failed_rules == ()
