from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.events import Limited
from contracts.promises import ContractError, Quota, SourcePromises
from harness.claims.within_budget import prove
from harness.facts import StatusCount
from harness.verdict import GOOD, Outcome
from tests.harness.claims.made import DAY, HOUR, TODAY, failed, probed, reading

DAY_SECONDS = 86_400


def told(requests: int, seconds: int = DAY_SECONDS) -> Limited:
    return Limited(requests=requests, seconds=seconds)


def promised(requests: int, seconds: int = DAY_SECONDS, **given) -> SourcePromises:
    return SourcePromises(quota=Quota(requests=requests, seconds=seconds), **given)


def test_a_quota_that_carries_ten_times_as_much_is_proven_with_the_arithmetic():
    verdict = prove(promised(500), [reading(attempts=29)])
    assert (verdict.outcome, verdict.n) == (Outcome.PROVEN, 29)
    assert verdict.because == (
        "The quota carries 500 requests in 24 h 00 m: 1× needs 29 (headroom 17.2×), "  # noqa: RUF001
        "10× needs 290 (1.7×); none was refused."  # noqa: RUF001
    )


def test_a_quota_for_today_that_does_not_carry_ten_times_as_much_is_broken():
    verdict = prove(promised(150), [reading(attempts=29)])
    assert (verdict.outcome, verdict.observed) == (Outcome.BROKEN, "150 carried, 29 needed")
    assert "10× needs 290 (0.5×): ask for 140 more." in verdict.because  # noqa: RUF001


@pytest.mark.parametrize(("requests", "outcome"), [(100, "PROVEN"), (99, "BROKEN")])
def test_ten_times_the_requests_must_just_fit(requests, outcome):
    assert prove(promised(requests), [reading(attempts=10)]).outcome == outcome


def test_the_requests_of_all_datasets_share_one_quota():
    both = [reading(dataset="parts", attempts=6), reading(dataset="prices", attempts=5)]
    assert prove(promised(100), both).outcome is Outcome.BROKEN
    assert prove(promised(110), both).outcome is Outcome.PROVEN


def test_what_others_spent_of_our_budget_meanwhile_is_needed_too_and_is_no_trial_of_ours():
    verdict = prove(promised(110), [reading(attempts=6, spent_by_others=5)])
    assert (verdict.outcome, verdict.n) == (Outcome.PROVEN, 6)
    assert "1× needs 11, 5 of them of others who share our budget (headroom" in verdict.because  # noqa: RUF001
    assert prove(promised(109), [reading(attempts=6, spent_by_others=5)]).outcome == "BROKEN"


def test_an_earlier_nights_requests_had_their_own_day():
    facts = [reading(slot=TODAY - DAY, attempts=90, throttled=3), reading(attempts=10)]
    assert prove(promised(100), facts).outcome is Outcome.PROVEN


def test_the_tightest_of_all_quotas_counts_whoever_told_it():
    wide = (told(9, 10),)
    assert prove(SourcePromises(), [reading(attempts=10, limits=wide)]).outcome is Outcome.PROVEN
    tight = (told(9, 10), told(99))
    assert prove(SourcePromises(), [reading(attempts=10, limits=tight)]).outcome is Outcome.BROKEN
    assert prove(promised(99), [reading(attempts=10, limits=wide)]).outcome is Outcome.BROKEN


def test_only_whole_windows_within_the_promised_time_count():
    """9 in 10 s are 54 in a minute, and 45 in 59 s."""
    facts = [reading(attempts=5)]
    minute = promised(9, 10, read_within=timedelta(seconds=60))
    assert prove(minute, facts).outcome is Outcome.PROVEN
    less = prove(promised(9, 10, read_within=timedelta(seconds=59)), facts)
    assert less.outcome is Outcome.BROKEN
    assert "carries 45 requests in 59 s (9 in 10 s)" in less.because


def test_a_daily_quota_may_be_spent_within_the_hour():
    assert prove(promised(100, read_within=HOUR), [reading(attempts=10)]).outcome in GOOD


def test_a_months_quota_must_last_for_all_its_nights():
    month = 30 * DAY_SECONDS
    assert prove(promised(3_000, month), [reading(attempts=10)]).outcome is Outcome.PROVEN
    assert prove(promised(2_999, month), [reading(attempts=10)]).outcome is Outcome.BROKEN


def test_a_429_is_broken_however_wide_the_quota():
    verdict = prove(promised(10**6), [reading(attempts=10, throttled=1, refusals=("429",))])
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because == "The source refused 1 request of 10 for their number (429)."


def counts(**given: int) -> tuple[StatusCount, ...]:
    return tuple(StatusCount(status=name.strip("_"), n=n) for name, n in given.items())


def test_a_refusal_for_the_number_under_another_name_is_broken_too():
    facts = [reading(attempts=20, throttled=1), reading(overloads=counts(SlowDown=2, _503=1))]
    verdict = prove(promised(10**6), facts)
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.because == (
        "The source refused 4 requests of 23 for their number (429, 503 and SlowDown)."
    )


def test_a_refusal_that_may_be_an_outage_keeps_it_from_proven():
    """Nginx limits with 503 and gives no other sign."""
    facts = [reading(attempts=20, resent=counts(_503=2)), reading(resent=counts(_500=1))]
    verdict = prove(promised(10**6), facts)
    assert verdict.outcome is Outcome.UNPROVEN
    assert verdict.because == (
        "3 requests were refused and sent again (500 and 503): a limit or an outage, "
        "ask the source's owner which."
    )
    one = prove(SourcePromises(), [reading(resent=counts(_503=1))])
    assert one.because.startswith("1 request was refused and sent again (503):")


def test_a_quota_that_is_too_small_is_broken_whatever_was_sent_again():
    facts = [reading(attempts=29, resent=counts(_503=1))]
    assert prove(promised(150), facts).outcome is Outcome.BROKEN


def test_a_connection_that_broke_refused_nobody():
    assert prove(promised(10**6), [reading(retries=3)]).outcome is Outcome.PROVEN


@pytest.mark.parametrize(("attempts", "outcome"), [(2, "PROVEN"), (3, "BROKEN")])
def test_answers_to_probes_count(attempts, outcome):
    facts = [reading(attempts=8), probed(attempts=attempts)]
    assert prove(promised(100), facts).outcome == outcome


def test_a_probe_that_is_refused_for_its_number_leaves_it_open():
    facts = [reading(attempts=8), probed(attempts=2, overloads=counts(_429=2))]
    verdict = prove(promised(10**6), facts)
    assert verdict.outcome is Outcome.UNPROVEN
    assert verdict.because.startswith(
        "2 requests of the probes were refused for their number (429)"
    )


def test_without_a_quota_it_is_unproven_and_says_what_to_promise():
    verdict = prove(SourcePromises(), [reading(attempts=10)])
    assert verdict.outcome is Outcome.UNPROVEN
    assert verdict.because.endswith("promise SourcePromises(quota=…).")


def test_a_quota_without_a_window_is_none():
    facts = [reading(attempts=10, limits=(told(1000, 0), told(1000, -5)))]
    assert prove(SourcePromises(), facts).outcome is Outcome.UNPROVEN


def test_a_failed_reading_is_an_error():
    facts = [reading(attempts=2), failed("SourceUnavailable", "gone: start it", dataset="prices")]
    assert prove(promised(10**6), facts).outcome is Outcome.ERROR


def test_no_request_seen_is_no_proof():
    assert prove(promised(10**6), [reading(attempts=0)]).outcome is Outcome.UNPROVEN


@pytest.mark.parametrize("numbers", [(0, 10), (10, 0), (-1, 10)])
def test_a_quota_that_lets_nothing_pass_is_refused_where_it_is_written(numbers):
    with pytest.raises(ContractError, match="at least one request"):
        Quota(requests=numbers[0], seconds=numbers[1])


@given(
    requests=st.integers(1, 10**6),
    seconds=st.integers(1, 10**7),
    attempts=st.integers(1, 10**4),
    more=st.integers(0, 100),
    minutes=st.integers(1, 24 * 60),
)
def test_more_requests_never_make_it_better(requests, seconds, attempts, more, minutes):
    promises = promised(requests, seconds, read_within=timedelta(minutes=minutes))
    if prove(promises, [reading(attempts=attempts + more)]).outcome in GOOD:
        assert prove(promises, [reading(attempts=attempts)]).outcome is Outcome.PROVEN
