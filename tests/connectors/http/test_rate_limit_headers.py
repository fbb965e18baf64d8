"""What headers say about when to ask again, in all forms that are about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.http.rate_limit_headers import (
    LONGEST_PAUSE_SECONDS,
    LONGEST_TOLD_SECONDS,
    exhausted_for,
    quotas,
    retry_after,
)

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
FAR = datetime(1990, 1, 1, tzinfo=UTC)
"""A local clock that is wrong by decades."""
DATE = {"date": format_datetime(NOW, usegmt=True)}
EPOCH = int(NOW.timestamp())


def after(value: str, date: datetime | None = NOW, now: datetime = FAR) -> float | None:
    headers = {"retry-after": value}
    if date is not None:
        headers["date"] = format_datetime(date, usegmt=True)
    return retry_after(headers, now=now)


@pytest.mark.parametrize(
    "value",
    [
        "Mon, 23 Nov 2026 06:00:30 GMT",
        "Monday, 23-Nov-26 06:00:30 GMT",
        "Mon Nov 23 06:00:30 2026",
    ],
)
def test_h02_all_three_forms_of_a_date_are_held_against_the_answers_own(value: str) -> None:
    assert after(value) == 30.0


def test_where_the_answer_has_no_date_our_clock_stands_in() -> None:
    assert after("Mon, 23 Nov 2026 06:00:30 GMT", date=None, now=NOW) == 30.0


def test_a_date_that_has_passed_asks_for_no_wait() -> None:
    assert after("Mon, 23 Nov 2026 05:00:00 GMT") == 0.0


@given(st.integers(0, int(LONGEST_TOLD_SECONDS)))
def test_seconds_and_dates_mean_the_same(seconds: int) -> None:
    date = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert after(str(seconds)) == after(date) == seconds


@pytest.mark.parametrize(
    "value",
    [
        "",
        "soon",
        "-1",
        "1.5",
        "1e3",
        "0x10",
        "٣",
        "1, 2",
        "Mon, 99 Nov 2026 06:00:00 GMT",
    ],
)
def test_advice_that_is_malformed_is_none(value: str) -> None:
    assert after(value) is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("172800", 172_800.0),
        ("99999999999999999999", LONGEST_TOLD_SECONDS),
        ("Mon, 23 Nov 2076 06:00:00 GMT", LONGEST_TOLD_SECONDS),
    ],
)
def test_a_wait_that_is_longer_than_ours_is_told(value: str, seconds: float) -> None:
    assert after(value) == seconds


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_header_gives_a_bounded_wait_or_none(value: str, date: str) -> None:
    wait = retry_after({"retry-after": value, "date": date}, now=NOW)
    assert wait is None or 0 <= wait <= LONGEST_TOLD_SECONDS


@pytest.mark.parametrize(
    ("field", "wait"),
    [
        ('"default";r=0;t=7', 7.0),
        ('"default";r=1;t=7', None),
        ('"default"; r=0; t=7', 7.0),
        ('"burst";r=0;t=2, "daily";r=9;t=600', 2.0),
        ('"burst";r=0;t=2, "minute";r=0;t=60', 60.0),
        ('"burst";r=0;t=2, "daily";r=0;t=60000', 2.0),
        ('"default";r=0', None),
        ('"default";t=7', None),
        ('"default";r=0;t=soon', None),
        ('"default";r=0;t=1893456000', None),
        ("limit=9, remaining=0, reset=7", 7.0),
        ("limit=9,remaining=1,reset=7", None),
        ("limit=9, remaining=0", None),
        ("", None),
    ],
)
def test_h06_a_spent_quota_says_when_it_is_renewed(field: str, wait: float | None) -> None:
    assert exhausted_for({"ratelimit": field}, now=NOW) == wait


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ('"default";q=9;w=10', [(9, 10)]),
        ('"default"; q=9; w=10', [(9, 10)]),
        ('"burst";q=9;w=10, "day";q=500;w=86400', [(9, 10), (500, 86_400)]),
        ('"default";q=9;qu="requests";w=10', [(9, 10)]),
        ('"traffic";q=65536;qu="content-bytes";w=10', []),
        ('"default";q=9', []),
        ('"default";q=9;w=0', []),
        ('"default";w=10', []),
        ('"default";q=-9;w=10', []),
        ("9, 9;w=10", [(9, 10)]),
        ('9;w=10;comment="sliding", 500;w=86400', [(9, 10), (500, 86_400)]),
        ("", []),
    ],
)
def test_a_policy_tells_its_requests_and_their_window(
    field: str, found: list[tuple[int, int]]
) -> None:
    told = quotas({"ratelimit-policy": field})
    assert [(limit.requests, limit.seconds) for limit in told] == found


def test_a_quota_stands_in_the_limit_field_of_older_drafts_too() -> None:
    told = quotas({"ratelimit-limit": "9, 9;w=10, 50;w=60", "ratelimit-policy": "9;w=10"})
    assert [(limit.requests, limit.seconds) for limit in told] == [(9, 10), (50, 60)]


@pytest.mark.parametrize("family", ["ratelimit", "x-ratelimit", "x-rate-limit"])
@pytest.mark.parametrize(
    ("remaining", "reset", "wait"),
    [
        ("0", "7", 7.0),
        ("0", "7.5", 7.5),
        ("1", "7", None),
        ("0", f"{EPOCH + 7}", 7.0),
        ("0", f"{EPOCH}", 0.0),
        ("0", f"{EPOCH - 60}", 0.0),
        ("0", f"{(EPOCH + 7) * 1000}", 7.0),
        ("0", "3600", None),
        ("0", f"{EPOCH + 3_600}", None),
        ("0", "soon", None),
        ("0", "-7", None),
        ("none", "7", None),
    ],
)
def test_h07_a_reset_is_a_wait_or_a_time_by_the_sources_own_clock(
    family: str, remaining: str, reset: str, wait: float | None
) -> None:
    headers = {f"{family}-remaining": remaining, f"{family}-reset": reset}
    assert exhausted_for({**headers, **DATE}, now=FAR) == wait
    assert exhausted_for(headers, now=NOW) == wait


def test_a_longer_pause_is_known_where_it_is_asked_for() -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "172800"}
    assert exhausted_for(headers, now=NOW, at_most=LONGEST_TOLD_SECONDS) == 172_800.0


@given(st.text(max_size=60))
def test_any_policy_gives_quotas_with_a_window_or_none(field: str) -> None:
    assert all(
        limit.seconds > 0 <= limit.requests for limit in quotas({"ratelimit-policy": field})
    )


@given(st.text(max_size=60))
def test_any_rate_limit_gives_a_bounded_wait_or_none(field: str) -> None:
    wait = exhausted_for({"ratelimit": field}, now=NOW)
    assert wait is None or 0 <= wait <= LONGEST_PAUSE_SECONDS


@given(st.text(max_size=30), st.text(max_size=30))
def test_h07_any_reset_gives_a_bounded_wait_or_none(remaining: str, reset: str) -> None:
    headers = {"x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset}
    wait = exhausted_for(headers, now=NOW)
    assert wait is None or 0 <= wait <= LONGEST_PAUSE_SECONDS
