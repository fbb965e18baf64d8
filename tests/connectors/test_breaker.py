"""What a source that fails is still asked."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.breaker import WAITS_SECONDS, Breaker
from connectors.errors import AccessDenied, SourceError, SourceUnavailable
from connectors.events import Event, Waited, WaitReason
from connectors.retry import RetryPolicy, retrying


class Source:
    """Fails and answers as told, on a clock that passes while somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self.calls = 0
        self.events: list[Event] = []
        self.policy = RetryPolicy(
            monotonic=lambda: self.now, sleep=self.sleep, uniform=lambda _, ceiling: ceiling
        )

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def ask(self, *failures: SourceError) -> str | None:
        """One request; why it failed, if it did. The last failure comes again and again."""
        left = list(failures)

        def once() -> None:
            self.calls += 1
            if left:
                raise left.pop(0) if len(left) > 1 else left[0]

        try:
            retrying("GET /", emit=self.events.append, hold=lambda _: None, patience=self.policy)(
                once
            )
        except SourceError as error:
            return str(error)
        return None


DOWN = SourceUnavailable("GET / answered 503: try later")


@given(st.lists(st.integers(0, 6), max_size=80))
def test_a_source_gets_a_fifth_more_requests_than_needed_and_ten_at_most(
    failures: list[int],
) -> None:
    """Whatever it does: each request fails so often, and is then answered."""
    source = Source()
    for number in failures:
        left = [DOWN] * number

        def once(left: list[SourceUnavailable] = left) -> None:
            source.calls += 1
            if left:
                raise left.pop()

        ask = retrying("GET /", emit=lambda _: None, hold=lambda _: None, patience=source.policy)
        with suppress(SourceUnavailable):
            ask(once)
    assert source.calls <= 1.2 * len(failures) + 10


def test_a_source_that_is_down_is_left_alone_and_then_given_up() -> None:
    source = Source()
    told = [source.ask(DOWN) for _ in range(50)]
    assert source.calls == 5 + 5 + len(WAITS_SECONDS)
    waits = [e.seconds for e in source.events if isinstance(e, Waited)]
    assert waits[-3:] == list(WAITS_SECONDS)
    assert told[:5] == [str(DOWN)] * 5
    given_up = (
        "GET / was not sent: 5 requests in a row failed, so this source is not asked again in "
        "this run; the last: GET / answered 503: try later"
    )
    assert set(told[5:]) == {given_up}


def test_after_an_outage_all_is_read_again() -> None:
    source = Source()
    assert [source.ask(DOWN) for _ in range(3)] == [str(DOWN)] * 3
    assert [source.ask() for _ in range(9)] == [None] * 9
    assert [e.seconds for e in source.events if isinstance(e, Waited)][-2:] == [10.0, 20.0]


def test_one_dataset_that_fails_holds_no_other_back() -> None:
    source = Source()
    told = [source.ask(DOWN) if number % 2 else source.ask() for number in range(20)]
    assert told[::2] == [None] * 10
    assert all(event.seconds < 10 for event in source.events if isinstance(event, Waited))


def test_a_refusal_is_an_answer() -> None:
    source = Source()
    for _ in range(5):
        source.ask(DOWN)
        source.ask(AccessDenied("GET / answered 403"))
    assert source.ask() is None


def test_where_no_retry_is_left_that_is_told() -> None:
    source = Source()
    told = []
    for _ in range(4):
        told += [source.ask(DOWN), source.ask()]
    assert told[4] == (
        f"{DOWN} (not asked again: this source has had ten retries, and one for every five "
        "requests)"
    )


def test_two_sources_share_nothing() -> None:
    """Control: each policy has a breaker of its own."""
    assert RetryPolicy().breaker is not RetryPolicy().breaker
    assert RetryPolicy() == RetryPolicy()
    assert repr(Breaker()) == "Breaker()"


@pytest.mark.parametrize("seconds", [10.0, 3.0])
def test_a_trial_waits_for_what_is_left_of_its_time(seconds: float) -> None:
    source = Source()
    source.ask(DOWN)
    source.ask(DOWN)
    source.sleep(10.0 - seconds)
    source.ask()
    assert source.events[-1] == Waited(seconds=seconds, why=WaitReason.BACKOFF)
