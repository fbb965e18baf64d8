"""Whether, when and how often a request is tried again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.events import Event, Retried, Waited, WaitReason
from connectors.http.rate_limit_headers import (
    ABSURD_SECONDS,
    LONGEST_PAUSE_SECONDS,
    exhausted_for,
    quotas,
    retry_after,
)
from connectors.retry import RetryPolicy, retrying

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
FAR = datetime(1990, 1, 1, tzinfo=UTC)
"""A local clock that is wrong by decades."""


class Source:
    """Fails as told, then answers; keeps the time that was slept."""

    def __init__(self, *failures: SourceError) -> None:
        self.failures = list(failures)
        self.calls = 0
        self.events: list[Event] = []
        self.held: list[float] = []
        self.now = 0.0

    def answer(self) -> str:
        self.calls += 1
        if self.failures:
            raise self.failures.pop(0)
        return "rows"

    def asked(self, patience: RetryPolicy | None = None) -> str:
        own: dict[str, Callable[..., float | None]] = {
            "sleep": self.sleep,
            "monotonic": lambda: self.now,
            "uniform": lambda _, ceiling: ceiling,
        }
        attempts = retrying(
            "GET host/path",
            emit=self.events.append,
            hold=self.held.append,
            patience=replace(patience or RetryPolicy(), **own),  # type: ignore[arg-type] # by name
        )
        return attempts(self.answer)

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def waits(self) -> list[tuple[float, WaitReason]]:
        return [(e.seconds, e.why) for e in self.events if isinstance(e, Waited)]


def unavailable(wait: float | None = None) -> SourceUnavailable:
    return SourceUnavailable("GET host/path answered 503: try later", retry_after=wait)


def test_the_wait_is_the_one_that_the_source_asked_for() -> None:
    source = Source(unavailable(3.0), unavailable(0.0))
    assert source.asked() == "rows"
    assert source.waits() == [(3.0, WaitReason.RETRY_AFTER), (0.0, WaitReason.RETRY_AFTER)]
    assert source.held == [3.0, 0.0]


def test_without_advice_the_ceiling_of_the_wait_doubles_up_to_the_cap() -> None:
    source = Source(*[unavailable() for _ in range(5)])
    patience = RetryPolicy(attempts=6, backoff_seconds=1.0, backoff_cap_seconds=5.0)
    assert source.asked(patience) == "rows"
    assert source.waits() == [(s, WaitReason.BACKOFF) for s in (1.0, 2.0, 4.0, 5.0, 5.0)]


@given(st.integers(0, 100), st.integers(1, 4))
def test_jitter_is_full(percent: int, failures: int) -> None:
    """Any wait from nothing to the ceiling may come."""
    share = percent / 100
    slept: list[float] = []
    patience = RetryPolicy(
        sleep=slept.append, uniform=lambda low, high: low + share * (high - low)
    )
    source = Source(*[unavailable() for _ in range(failures)])
    attempts = retrying("x", emit=lambda _: None, hold=lambda _: None, patience=patience)
    attempts(source.answer)
    assert slept == [share * 0.5 * 2**n for n in range(failures)]


def test_each_new_try_is_an_event() -> None:
    source = Source(unavailable(), unavailable())
    source.asked()
    why = "GET host/path answered 503: try later"
    assert [e for e in source.events if isinstance(e, Retried)] == [
        Retried(what="GET host/path", attempt=2, why=why),
        Retried(what="GET host/path", attempt=3, why=why),
    ]


def test_attempts_are_bounded_and_the_last_failure_is_raised() -> None:
    source = Source(*[unavailable(1.0) for _ in range(9)])
    with pytest.raises(SourceUnavailable, match="answered 503"):
        source.asked()
    assert source.calls == 5
    assert len(source.waits()) == 4


def test_a_wait_that_would_end_too_late_is_not_begun() -> None:
    source = Source(unavailable(200.0), unavailable(200.0))
    with pytest.raises(SourceUnavailable) as given_up:
        source.asked(RetryPolicy(seconds=300.0))
    assert source.now == 200.0
    assert given_up.value.retry_after == 200.0


@pytest.mark.parametrize("failure", [AccessDenied("no"), SourceChanged("no")])
def test_what_time_cannot_mend_is_not_tried_again(failure: SourceError) -> None:
    source = Source(failure)
    with pytest.raises(type(failure)):
        source.asked()
    assert source.calls == 1
    assert source.events == []


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
def test_all_three_forms_of_a_date_are_held_against_the_answers_own(value: str) -> None:
    assert after(value) == 30.0


def test_where_the_answer_has_no_date_our_clock_stands_in() -> None:
    assert after("Mon, 23 Nov 2026 06:00:30 GMT", date=None, now=NOW) == 30.0


def test_a_date_that_has_passed_asks_for_no_wait() -> None:
    assert after("Mon, 23 Nov 2026 05:00:00 GMT") == 0.0


@given(st.integers(0, int(ABSURD_SECONDS)))
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
        "99999999999999999999",
        "86401",
        "Mon, 23 Nov 2076 06:00:00 GMT",
        "Mon, 99 Nov 2026 06:00:00 GMT",
    ],
)
def test_advice_that_is_malformed_or_absurd_is_none(value: str) -> None:
    assert after(value) is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_header_gives_a_bounded_wait_or_none(value: str, date: str) -> None:
    wait = retry_after({"retry-after": value, "date": date}, now=NOW)
    assert wait is None or 0 <= wait <= ABSURD_SECONDS


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
        ("", None),
    ],
)
def test_a_spent_quota_says_when_it_is_renewed(field: str, wait: float | None) -> None:
    assert exhausted_for({"ratelimit": field}) == wait


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
        ("9, 9;w=10", []),
        ("", []),
    ],
)
def test_a_policy_tells_its_requests_and_their_window(
    field: str, found: list[tuple[int, int]]
) -> None:
    told = quotas({"ratelimit-policy": field})
    assert [(limit.requests, limit.seconds) for limit in told] == found


@given(st.text(max_size=60))
def test_any_policy_gives_quotas_with_a_window_or_none(field: str) -> None:
    assert all(
        limit.seconds > 0 <= limit.requests for limit in quotas({"ratelimit-policy": field})
    )


@given(st.text(max_size=60))
def test_any_rate_limit_gives_a_bounded_wait_or_none(field: str) -> None:
    wait = exhausted_for({"ratelimit": field})
    assert wait is None or 0 <= wait <= LONGEST_PAUSE_SECONDS
