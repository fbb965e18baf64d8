"""Whole verdicts of `conforms`: every word and number that a reader is given, apart from what each
failed rule says (`test_failed_rules.py`).
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from contracts.evaluation import Missing
from contracts.promises import Promises, Thresholds
from harness.claims.conforms import prove
from harness.statistics.rates import upper_bound
from harness.verdict import Outcome, Verdict
from tests.harness.claims.made import NIGHTLY, evaluation, failed, reading, rule

SEGMENTS = Promises(key=("customer_key",), missing={"market_segment": 0.02}, missing_jointly=0.02)
STRICTER_JOINTLY = replace(SEGMENTS, missing_jointly=0.01)
TWO = replace(SEGMENTS, missing={"market_segment": 0.05, "phone": 0.05})

rules = partial(
    Verdict,
    claim="conforms",
    expected="every rule on every row",
    method="every rule on every landed row",
    observed="2 of 2 rules ran on 1,500 rows",
    n=1_500,
)
bounds = partial(
    rules,
    expected="every rule on every row, missing bounds",
    method="every rule on every landed row; missing values by "
    "Clopper\N{EN DASH}Pearson, one-sided 95 %, one trial a row",
)


def both(market_segment: int, phone: int, *, jointly: int):
    found = {"market_segment": market_segment, "phone": phone}
    missing = tuple(Missing(column=c, rows=1_500, missing=n) for c, n in found.items())
    return replace(evaluation(), missing=missing, missing_jointly=jointly)


def counted(missing: int, *, of: int):
    each = Missing(column="market_segment", rows=of, missing=missing)
    return replace(evaluation(), missing=(each,), missing_jointly=missing)


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        (
            [],
            rules(
                outcome=Outcome.UNPROVEN, because="Nothing was read.", observed="no reading", n=0
            ),
        ),
        (
            [failed("SourceChanged", "the total moved"), evaluation()],
            rules(
                outcome=Outcome.ERROR,
                because="The reading failed: the total moved.",
                observed="failed: SourceChanged",
                n=0,
            ),
        ),
        (
            [reading(), evaluation(dataset="orders")],
            rules(
                outcome=Outcome.UNPROVEN,
                because="The rows were read, and no rule was held against them.",
                observed="not evaluated",
                n=0,
            ),
        ),
        (
            [reading(), evaluation(), evaluation(rules=())],
            rules(
                outcome=Outcome.UNPROVEN,
                because="The rows were read, and no rule was held against them.",
                observed="not evaluated",
                n=0,
            ),
        ),
        (
            [reading(), evaluation(rule(failed=1)), evaluation(), evaluation(dataset="orders")],
            rules(
                outcome=Outcome.PROVEN, because="All 2 rules ran on 1,500 rows and none failed."
            ),
        ),
        (
            [reading(rows=1), evaluation(rule(checked=1), rows=1)],
            rules(
                outcome=Outcome.PROVEN,
                because="All 1 rule ran on 1 row and none failed.",
                observed="1 of 1 rule ran on 1 row",
                n=1,
            ),
        ),
        (
            [reading(rows=0), evaluation(rule(checked=0), rows=0)],
            rules(
                outcome=Outcome.UNPROVEN,
                because="No row came that the rules could be held against.",
                observed="1 of 1 rule ran on 0 rows",
                n=0,
            ),
        ),
        (
            [reading(rows=1_501), evaluation()],
            rules(
                outcome=Outcome.ERROR,
                because="1,501 rows landed and 1,500 were evaluated.",
            ),
        ),
        (
            [
                reading(),
                evaluation(
                    rule(),
                    rule(checked=1_499),
                    rule("one_to_one(a, b)", None, checked=1_500, error="it raised\nKeyError."),
                ),
            ],
            rules(
                outcome=Outcome.ERROR,
                because="Could not be judged: name: not null (it ran on 1,499 rows only) and "
                "one_to_one(a, b) (it raised KeyError).",
                observed="1 of 3 rules ran on 1,500 rows",
            ),
        ),
        (
            [
                reading(),
                evaluation(
                    rule("in_range(1, 50)", "size\n", failed=1),
                    rule("adds_up_to_the_total", None, failed=1_200, checked=1_400),
                    rule(),
                ),
            ],
            rules(
                outcome=Outcome.BROKEN,
                because="1,200 of 1,400 rows fail adds up to the total and "
                "size\N{REPLACEMENT CHARACTER}: 1 of 1,500 rows fail in_range(1, 50).",
                observed="2 rules failed",
            ),
        ),
    ],
)
def test_every_word_of_a_verdict_on_rules(facts, verdict):
    assert replace(prove(NIGHTLY, facts), failed_rules=(), measures=()) == verdict


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"isin({'a' * 54})", f"isin({'a' * 54})"),
        (f"matches((a|b)({'a' * 50}))", "matches(…)"),
    ],
)
def test_a_rule_is_told_in_full_up_to_sixty_characters(text, told):
    verdict = prove(NIGHTLY, [reading(), evaluation(rule(text, failed=2))])
    assert verdict.because == f"name: 2 of 1,500 rows fail {told}."


@pytest.mark.parametrize(
    ("promises", "evaluated", "verdict"),
    [
        (
            SEGMENTS,
            evaluation(missing=20),
            bounds(
                outcome=Outcome.PROVEN,
                because="All 2 rules ran on 1,500 rows and none failed; "
                "market_segment: 1.3 % missing, 2 % promised (20 of 1,500).",
            ),
        ),
        (
            SEGMENTS,
            evaluation(missing=30),
            bounds(
                outcome=Outcome.UNPROVEN,
                because="No rule failed, but market_segment: 2 % missing, 2 % promised "
                "(30 of 1,500); 530 more rows without a missing value would prove it.",
            ),
        ),
        (
            replace(SEGMENTS, thresholds=Thresholds(confidence=0.8)),
            evaluation(missing=24),
            bounds(
                outcome=Outcome.PROVEN,
                because="All 2 rules ran on 1,500 rows and none failed; "
                "market_segment: 1.6 % missing, 2 % promised (24 of 1,500).",
                method="every rule on every landed row; missing values by "
                "Clopper\N{EN DASH}Pearson, one-sided 80 %, one trial a row",
            ),
        ),
        (
            SEGMENTS,
            evaluation(rule(failed=1), missing=31),
            bounds(
                outcome=Outcome.BROKEN,
                because="market_segment: 2.1 % missing, 2 % promised (31 of 1,500) and "
                "name: 1 of 1,500 rows fail not null.",
                observed="1 bound exceeded and 1 rule failed",
            ),
        ),
        (
            TWO,
            both(100, 1_500, jointly=1_500),
            bounds(
                outcome=Outcome.BROKEN,
                because="market_segment: 6.7 % missing, 5 % promised (100 of 1,500), "
                "phone: 100 % missing, 5 % promised (1,500 of 1,500) and any of 2 critical "
                "fields: 100 % missing, 2 % promised (1,500 of 1,500).",
                observed="3 bounds exceeded",
            ),
        ),
        (
            replace(TWO, missing_jointly=0.2),
            both(0, 0, jointly=0),
            bounds(
                outcome=Outcome.PROVEN,
                because="All 2 rules ran on 1,500 rows and none failed; "
                "market_segment: 0 % missing, 5 % promised (0 of 1,500), "
                "phone: 0 % missing, 5 % promised (0 of 1,500) and "
                "any of 2 critical fields: 0 % missing, 20 % promised (0 of 1,500).",
            ),
        ),
        (
            replace(TWO, missing_jointly=None),
            both(0, 0, jointly=0),
            bounds(
                outcome=Outcome.PROVEN,
                because="All 2 rules ran on 1,500 rows and none failed; "
                "market_segment: 0 % missing, 5 % promised (0 of 1,500) and "
                "phone: 0 % missing, 5 % promised (0 of 1,500).",
            ),
        ),
        (
            replace(SEGMENTS, missing_jointly=0.03),
            evaluation(missing=0),
            bounds(
                outcome=Outcome.PROVEN,
                because="All 2 rules ran on 1,500 rows and none failed; "
                "market_segment: 0 % missing, 2 % promised (0 of 1,500).",
            ),
        ),
        (
            STRICTER_JOINTLY,
            replace(evaluation(missing=0), missing_jointly=None),
            bounds(
                outcome=Outcome.ERROR,
                because="Could not be judged: any of 1 critical field: "
                "missing values were not counted.",
            ),
        ),
    ],
)
def test_every_word_of_a_verdict_on_missing_values(promises, evaluated, verdict):
    found = prove(promises, [reading(), evaluated])
    assert replace(found, failed_rules=(), measures=()) == verdict


@pytest.mark.parametrize(("missing", "of"), [(0, 1_499), (0, 1_501), (1_501, 1_500), (-1, 1_500)])
def test_missing_values_counted_on_other_rows_are_no_count(missing, of):
    assert prove(SEGMENTS, [reading(), counted(missing, of=of)]) == bounds(
        outcome=Outcome.ERROR,
        because="Could not be judged: market_segment: missing values were not counted.",
    )


def test_a_share_just_over_its_bound_is_told_with_the_digits_that_show_it():
    every = evaluation(rule(checked=30_000), rows=30_000, missing=601)
    verdict = prove(SEGMENTS, [reading(rows=30_000), every])
    assert verdict.because == ("market_segment: 2.003 % missing, 2 % promised (601 of 30,000).")


def test_a_bound_that_is_just_reached_is_proven():
    just = upper_bound(20, 1_500, 0.95)
    promises = replace(SEGMENTS, missing={"market_segment": just}, missing_jointly=just)
    assert prove(promises, [reading(), evaluation(missing=20)]).outcome is Outcome.PROVEN


def test_of_no_rows_no_share_is_known_and_of_one_it_is():
    empty = evaluation(rule(checked=0), rows=0, missing=0)
    assert prove(SEGMENTS, [reading(rows=0), empty]).outcome is Outcome.UNPROVEN
    one = evaluation(rule(checked=1), rows=1, missing=1)
    assert prove(SEGMENTS, [reading(rows=1), one]).outcome is Outcome.BROKEN


def test_a_column_that_would_forge_a_line_is_shown_on_one():
    promises = replace(SEGMENTS, missing={"a\nb": 0.0}, missing_jointly=None)
    found = replace(evaluation(), missing=(Missing(column="a\nb", rows=1_500, missing=1),))
    verdict = prove(promises, [reading(), found])
    assert verdict.because.startswith("a\N{REPLACEMENT CHARACTER}b: 0.1 % missing, 0 % promised")
