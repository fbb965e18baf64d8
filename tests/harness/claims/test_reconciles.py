from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.events import Witness, WitnessKind
from contracts.evaluation import AmountsFound
from contracts.promises import Amount, Promises
from harness.claims.reconciles import prove
from harness.facts import Overlap
from harness.statistics.rates import lower_bound
from harness.verdict import Outcome, Verdict
from tests.harness.claims.made import TO_CUSTOMERS, amounts, failed, not_counted, overlap, reading
from tests.harness.claims.worded import worded

PROMISES = Promises(key=("order_key",), reconciles=(TO_CUSTOMERS,))
PRICED = replace(
    TO_CUSTOMERS, dataset="billing.lines", amount=Amount(ours="summe", theirs="total")
)
TOTALS = Promises(key=("order_key",), reconciles=(PRICED,))


def judged(*overlaps: Overlap, promises: Promises = PROMISES) -> Verdict:
    return prove(promises, [reading(), *overlaps])


def of_totals(compared: AmountsFound, **given: int) -> Verdict:
    return judged(overlap(promised=PRICED, amounts=compared, **given), promises=TOTALS)


def test_every_key_found_again_is_proven_with_its_bound():
    verdict = judged(overlap())
    assert (verdict.outcome, verdict.n) == (Outcome.PROVEN, 527)
    assert verdict.because == (
        "As promised, all 527 keys of kundennr are in crm.customers "
        "(at least 99.4 %, with 95 % confidence)."
    )
    assert verdict.observed == "527 of 527 keys found"
    assert verdict.method.endswith("one-sided 95 %, one trial a distinct key")


def test_a_share_below_the_promised_one_is_broken_with_its_counts():
    verdict = judged(overlap(527, 505, formless=4))
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because == (
        "22 of 527 keys of kundennr are not in crm.customers, 4 without the promised form "
        "(95.8 %, and 99 % is promised)."
    )


def test_a_share_just_below_is_told_with_the_digits_that_show_it_and_an_equal_one_is_borne():
    below = judged(overlap(100_000, 98_999))
    assert below.outcome is Outcome.BROKEN
    assert below.because == (
        "1,001 of 100,000 keys of kundennr are not in crm.customers "
        "(98.999 %, and 99 % is promised)."
    )
    equal = judged(overlap(100, 99))
    assert equal.outcome is Outcome.UNPROVEN
    assert equal.because == (
        "Not enough evidence: 1 of 100 keys of kundennr is not in crm.customers "
        "(at least 95.3 %, with 95 % confidence; 373 more good keys would prove 99 %)."
    )


def test_one_key_that_is_there_is_one():
    assert "all 1 key of kundennr is in crm.customers (" in judged(overlap(1, 1)).because


def test_298_keys_of_298_are_too_few_for_99_percent_and_one_more_is_enough():
    verdict = judged(overlap(298, 298))
    assert verdict.outcome is Outcome.UNPROVEN
    bound = "at least 98.9998 %, with 95 % confidence; 1 more good key would prove 99 %"
    assert bound in verdict.because
    assert judged(overlap(299, 299)).outcome is Outcome.PROVEN


def test_few_missing_keys_of_many_are_borne():
    verdict = judged(overlap(10_000, 9_950))
    assert verdict.outcome is Outcome.PROVEN
    assert "50 of 10,000 keys of kundennr are not in crm.customers" in verdict.because


@given(keys=st.integers(1, 5_000), missing=st.integers(0, 60))
def test_proven_broken_and_unproven_are_what_the_bound_says(keys, missing):
    good = max(0, keys - missing)
    outcome = judged(overlap(keys, good)).outcome
    if good / keys < 0.99:
        assert outcome is Outcome.BROKEN
    else:
        proven = lower_bound(good, keys, 0.95) >= 0.99
        assert outcome is (Outcome.PROVEN if proven else Outcome.UNPROVEN)


def test_a_promise_that_was_not_counted_is_never_proven():
    """Switched off, the other promise alone would prove the claim."""
    both = Promises(key=("order_key",), reconciles=(TO_CUSTOMERS, PRICED))
    verdict = judged(overlap(), promises=both)
    assert verdict.outcome is Outcome.UNPROVEN
    assert "the keys were not looked for in billing.lines" in verdict.because
    assert judged(overlap(promised=PRICED), promises=PROMISES).outcome is Outcome.UNPROVEN


def test_keys_alone_do_not_prove_amounts():
    verdict = judged(overlap(promised=PRICED), promises=TOTALS)
    assert verdict.outcome is Outcome.ERROR
    assert "do not add up" in verdict.because


NOTHING_PROMISED = "Nothing is promised of another dataset: add reconciles to the contract."
NO_KEY = "Not enough evidence: no key came that could be looked for in crm.customers."


@pytest.mark.parametrize(
    ("found", "promises", "because", "observed"),
    [
        ([], Promises(key=("order_key",)), NOTHING_PROMISED, "not promised"),
        ([overlap(0, 0)], PROMISES, NO_KEY, "0 of 0 keys found"),
    ],
)
def test_a_verdict_on_nothing_is_said_in_full(found, promises, because, observed):
    assert worded(judged(*found, promises=promises)) == Verdict(
        claim="reconciles",
        outcome=Outcome.UNPROVEN,
        because=because,
        expected="99 % found again and agreeing",
        observed=observed,
        n=0,
        method="Clopper\N{EN DASH}Pearson, one-sided 95 %, one trial a distinct key",
    )


def test_a_side_that_was_not_read_is_an_error_in_its_own_words():
    verdict = judged(not_counted("crm.customers was not read: no answer"))
    assert verdict.outcome is Outcome.ERROR
    assert "crm.customers was not read: no answer" in verdict.because
    own = prove(PROMISES, [failed("SourceUnavailable", "erp did not answer"), overlap()])
    assert own.outcome is Outcome.ERROR


def test_what_is_seen_broken_outweighs_what_could_not_be_judged():
    both = Promises(key=("order_key",), reconciles=(TO_CUSTOMERS, PRICED))
    lost = not_counted("no answer", promised=PRICED)
    assert judged(overlap(527, 1), lost, promises=both).outcome is Outcome.BROKEN
    assert judged(overlap(), lost, promises=both).outcome is Outcome.ERROR


def test_amounts_that_agree_are_proven_like_keys():
    verdict = of_totals(amounts())
    assert verdict.outcome is Outcome.PROVEN
    assert "summe agrees with billing.lines for all 527 keys" in verdict.because


def test_amounts_that_differ_are_broken_and_say_by_how_much():
    verdict = of_totals(amounts(agreeing=500, ratio=1.03, largest_difference=0.0313))
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because == (
        "summe differ in billing.lines for 27 of 527 keys, by up to 3.1 % "
        "(94.9 %, and 99 % is promised)."
    )


@pytest.mark.parametrize(
    ("largest", "shown"), [(0, ", by up to 0 %"), (2, ", by up to 200 %"), (2.1, ""), (None, "")]
)
def test_one_amount_that_differs_is_told_with_its_difference_where_one_can_be(largest, shown):
    verdict = of_totals(amounts(agreeing=526, largest_difference=largest))
    assert verdict.outcome is Outcome.PROVEN
    assert f"summe differs in billing.lines for 1 of 527 keys{shown} (" in verdict.because


@pytest.mark.parametrize(
    ("ratio", "shown"), [(100.0, "100"), (0.01, "0.01"), (1_000.0, "1000"), (100.9, "100.9")]
)
def test_a_wrong_unit_is_suspected_when_the_median_ratio_is_a_power_of_ten(ratio, shown):
    verdict = of_totals(amounts(agreeing=0, ratio=ratio, largest_difference=0.99))
    assert verdict.outcome is Outcome.BROKEN
    assert f"mostly by a factor of {shown}: see that the unit is right" in verdict.because


@pytest.mark.parametrize(
    "ratio", [0.0, 1.0, 1.19, 50.0, 102.0, -100.0, float("nan"), float("inf"), None]
)
def test_other_ratios_raise_no_suspicion(ratio):
    assert "factor" not in of_totals(amounts(agreeing=0, ratio=ratio)).because


def test_amounts_are_of_every_key_found_or_they_do_not_add_up():
    assert of_totals(amounts(compared=500, agreeing=500)).outcome is Outcome.ERROR
    none = of_totals(amounts(compared=0, agreeing=0), keys=527, found=0)
    assert none.outcome is Outcome.BROKEN


@pytest.mark.parametrize(
    "counts", [{"keys": 5, "found": 6}, {"keys": -1, "found": -1}, {"formless": 1}]
)
def test_counts_that_cannot_be_are_an_error(counts):
    assert judged(overlap(**counts)).outcome is Outcome.ERROR


def test_a_factor_changed_in_the_contract_is_another_promise():
    cents = replace(PRICED, amount=Amount(ours="summe", theirs="total", factor=Decimal("0.01")))
    changed = Promises(key=("order_key",), reconciles=(cents,))
    counted = overlap(promised=PRICED, amounts=amounts())
    assert judged(counted, promises=changed).outcome is Outcome.UNPROVEN


def test_keys_that_may_be_among_rows_that_did_not_come_are_no_accusation():
    """The other side declares 9,000 rows and gave 1,500: nothing is said of missing keys."""
    ours = reading(source="erp", dataset="orders")
    cut = replace(
        ours,
        source="crm",
        dataset="customers",
        witness=Witness(kind=WitnessKind.READ_TWICE, declared=9_000, unit="rows", detail=""),
    )
    verdict = prove(PROMISES, [cut, ours, overlap(527, 400)])
    assert verdict.outcome is Outcome.UNPROVEN
    assert "crm.customers was not read whole: see its complete" in verdict.because
    whole = replace(cut, witness=ours.witness)
    assert prove(PROMISES, [whole, ours, overlap(527, 400)]).outcome is Outcome.BROKEN
