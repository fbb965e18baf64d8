from __future__ import annotations

from dataclasses import replace

import pytest

from contracts.evaluation import Missing, RuleCount
from contracts.promises import Promises
from harness.claims.conforms import prove
from harness.verdict import Outcome
from tests.harness.claims.made import NIGHTLY, evaluation, failed, reading, rule

SEGMENTS = Promises(key=("customer_key",), missing={"market_segment": 0.02}, missing_jointly=0.02)


def test_every_rule_on_every_row_without_a_failure_is_proven():
    verdict = prove(NIGHTLY, [reading(), evaluation()])
    assert (verdict.outcome, verdict.n) == (Outcome.PROVEN, 1_500)
    assert verdict.because == "All 2 rules ran on 1,500 rows and none failed."


def test_a_failure_is_broken_and_names_rule_column_and_counts():
    verdict = prove(NIGHTLY, [reading(), evaluation(rule(failed=3), rule("unique", "key"))])
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because == "name: 3 of 1,500 rows fail not null."


def test_the_worst_rules_are_named_first_and_the_rest_counted():
    rules = [rule("in_range(1, 50)", f"c{n}", failed=n) for n in range(1, 9)]
    because = prove(NIGHTLY, [reading(), evaluation(*rules)]).because
    assert because.startswith("c8: 8 of 1,500 rows fail in_range(1, 50), c7: 7 of")
    assert because.endswith("and 5 more.")


def test_a_rule_that_could_not_run_is_an_error_never_a_pass():
    crashed = rule("ratio()", checked=0, error="the rule raised ComputeError")
    verdict = prove(NIGHTLY, [reading(), evaluation(rule(), crashed)])
    assert verdict.outcome is Outcome.ERROR
    assert "ratio() (the rule raised ComputeError)" in verdict.because


def test_a_rule_that_saw_only_some_rows_is_an_error():
    verdict = prove(NIGHTLY, [reading(), evaluation(rule(checked=1_499))])
    assert verdict.outcome is Outcome.ERROR


def test_a_column_that_was_not_sent_is_broken_and_not_an_error():
    """Its other rules could not run, and that is not what is wrong."""
    absent = rule("not_null", "phone", checked=0, error="phone was not sent")
    required = rule("required", "phone", failed=1_500)
    verdict = prove(NIGHTLY, [reading(), evaluation(absent, required)])
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because == "phone: 1,500 of 1,500 rows fail required."


def test_rows_that_were_not_evaluated_are_an_error():
    verdict = prove(NIGHTLY, [reading(rows=1_501), evaluation()])
    assert verdict.outcome is Outcome.ERROR
    assert verdict.because == "1,501 rows landed and 1,500 were evaluated."


@pytest.mark.parametrize("facts", [[reading()], [reading(), evaluation(rules=())]])
def test_without_rules_nothing_is_proven(facts):
    assert prove(NIGHTLY, facts).outcome is Outcome.UNPROVEN


def test_another_datasets_evaluation_does_not_count():
    verdict = prove(NIGHTLY, [reading(), evaluation(dataset="orders")])
    assert verdict.outcome is Outcome.UNPROVEN


def test_an_empty_table_keeps_every_rule_and_proves_none():
    empty = evaluation(rule(checked=0), rows=0)
    assert prove(NIGHTLY, [reading(rows=0), empty]).outcome is Outcome.UNPROVEN


def test_an_evaluation_of_a_failed_reading_does_not_count():
    facts = [failed("SourceChanged", "the total moved: read again"), evaluation()]
    assert prove(NIGHTLY, facts).outcome is Outcome.ERROR


def test_more_missing_than_promised_is_broken_with_the_share_and_the_counts():
    verdict = prove(SEGMENTS, [reading(), evaluation(missing=107)])
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because.startswith(
        "market_segment: 7.1 % missing, 2 % promised (107 of 1,500)."
    )


def test_few_enough_missing_in_enough_rows_are_proven():
    verdict = prove(SEGMENTS, [reading(), evaluation(missing=20)])
    assert verdict.outcome is Outcome.PROVEN
    assert "1.3 % missing, 2 % promised (20 of 1,500)" in verdict.because


def test_a_share_under_the_bound_by_chance_is_unproven_and_says_how_many_rows_would_do():
    verdict = prove(SEGMENTS, [reading(), evaluation(missing=25)])
    assert verdict.outcome is Outcome.UNPROVEN
    assert "more rows without a missing value would prove it" in verdict.because


def test_a_bound_of_nothing_is_exact():
    never = Promises(key=("customer_key",), missing={"market_segment": 0.0})
    assert prove(never, [reading(), evaluation(missing=0)]).outcome is Outcome.PROVEN
    assert prove(never, [reading(), evaluation(missing=1)]).outcome is Outcome.BROKEN


def test_fields_can_fail_jointly_though_each_holds_alone():
    promises = replace(SEGMENTS, missing={"market_segment": 0.05, "phone": 0.05})
    alone = tuple(Missing(column=c, rows=1_500, missing=30) for c in promises.missing)
    verdict = prove(
        promises, [reading(), replace(evaluation(), missing=alone, missing_jointly=60)]
    )
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because == "any of 2 critical fields: 4 % missing, 2 % promised (60 of 1,500)."


def test_one_field_is_told_once_unless_the_joint_bound_is_stricter():
    stricter = replace(SEGMENTS, missing_jointly=0.01)
    facts = [reading(), evaluation(missing=20)]
    assert prove(SEGMENTS, facts).because.count("1.3 % missing") == 1
    assert prove(stricter, facts).outcome is Outcome.BROKEN


def test_missing_values_that_were_not_counted_are_an_error():
    stricter = replace(SEGMENTS, missing_jointly=0.01)
    assert prove(SEGMENTS, [reading(), evaluation()]).outcome is Outcome.ERROR
    not_jointly = replace(evaluation(missing=0), missing_jointly=None)
    assert prove(stricter, [reading(), not_jointly]).outcome is Outcome.ERROR


def test_a_long_list_does_not_fill_the_sentence():
    modes = RuleCount(
        rule=f"isin({', '.join('x' * 9)}{'y' * 90})", column="m", checked=9, failed=1
    )
    verdict = prove(NIGHTLY, [reading(rows=9), evaluation(modes, rows=9)])
    assert verdict.because == "m: 1 of 9 rows fail isin(…)."
