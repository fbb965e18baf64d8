"""Whether, when and how often a request is tried again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.events import Event, Retried, Waited, WaitReason
from connectors.retry import RetryPolicy, retrying


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
    source = Source(unavailable(3.0), unavailable(7.0))
    assert source.asked() == "rows"
    assert source.waits() == [(3.0, WaitReason.RETRY_AFTER), (7.0, WaitReason.RETRY_AFTER)]
    assert source.held == [3.0, 7.0]


@pytest.mark.parametrize("asked", [0.0, 0.4])
def test_a_wait_that_is_shorter_than_backoff_is_none_to_go_by(asked: float) -> None:
    """Retry-After: 0 beside a 503 would have us ask five times at once."""
    source = Source(unavailable(asked), unavailable(asked))
    assert source.asked() == "rows"
    assert source.waits() == [(0.5, WaitReason.BACKOFF), (1.0, WaitReason.BACKOFF)]


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


def test_a_wait_of_two_days_ends_after_one_request_and_is_told() -> None:
    source = Source(unavailable(172_800.0))
    with pytest.raises(SourceUnavailable) as given_up:
        source.asked()
    assert str(given_up.value) == (
        "GET host/path answered 503: try later (the source asks for a wait of 172,800 s, which "
        "ends later than patience=RetryPolicy(seconds=300) allows)"
    )
    assert (source.calls, source.waits()) == (1, [])


@pytest.mark.parametrize("failure", [AccessDenied("no"), SourceChanged("no")])
def test_what_time_cannot_mend_is_not_tried_again(failure: SourceError) -> None:
    source = Source(failure)
    with pytest.raises(type(failure)):
        source.asked()
    assert source.calls == 1
    assert source.events == []
