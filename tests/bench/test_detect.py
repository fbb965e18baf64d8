"""Ten calendars over 400 virtual nights each: no bad night is missed, no good one accused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.detect import ONE_OF, told
from bench.feeds import FEEDS, Feed
from bench.virtual import NIGHTS, nights
from harness.claims.came import Night
from harness.verdict import Outcome

pytestmark = pytest.mark.long
BY_NAME = {feed.name: feed for feed in FEEDS}


@pytest.mark.parametrize("feed", FEEDS, ids=BY_NAME)
def test_a_good_source_is_never_accused(feed: Feed) -> None:
    seen = list(nights(feed, 1, of=None))
    assert len(seen) == NIGHTS
    assert [f"{one.night}: {told(one)}" for one in seen if one.is_wrong] == []
    assert [one.night for one in seen if one.fresh is Outcome.BROKEN] == []
    assert not any(one.right for one in seen)


@pytest.mark.parametrize("feed", FEEDS, ids=BY_NAME)
def test_each_bad_night_is_told_from_when_it_is_over_and_no_other(feed: Feed) -> None:
    seen = list(nights(feed, 2, of=ONE_OF))
    assert [f"{one.night}: {told(one)}" for one in seen if one.is_wrong] == []
    assert any(one.right for one in seen)


@pytest.mark.parametrize(
    ("name", "cadence"),
    [
        ("workdays", "0 18 * * *"),
        ("month ends", "FREQ=MONTHLY;BYMONTHDAY=-1;BYHOUR=18"),
        ("weekly, with a shift", "0 6 * * 1"),
        ("a table, on workdays", "0 22 * * *"),
    ],
)
def test_a_good_source_would_be_accused_under_a_calendar_that_is_not_its_own(
    name: str, cadence: str
) -> None:
    feed = BY_NAME[name]
    wrong = replace(feed, promises=replace(feed.promises, cadence=cadence))
    assert any(one.is_wrong for one in nights(wrong, 1, of=None, n=120))


def test_without_the_wait_for_the_promised_lag_an_hourly_source_is_accused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As it was: a night that is still going on had brought too few deliveries."""

    def judge(bad: object, *, lacking: int, overdue: int, absent: Night) -> Night:
        return Night.GOOD if lacking <= 0 else absent

    monkeypatch.setattr("harness.claims.periods.judge_day", judge)
    assert all(one.is_wrong for one in nights(BY_NAME["hourly, by name"], 1, of=None, n=9))
