"""The receive window, on a clock of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.events import Event, Waited, WaitReason
from connectors.rate_limiter import RateLimiter
from connectors.slots import window


@dataclass
class Clock:
    """Time that passes only when somebody sleeps."""

    now: float = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@given(
    requests=st.integers(1, 6),
    seconds=st.integers(1, 50),
    trips=st.lists(
        st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)), max_size=60
    ),
)
def test_no_window_at_the_source_ever_holds_too_many(
    requests: int, seconds: int, trips: list[tuple[int, int, int]]
) -> None:
    """Whatever the network does: each request idles, travels and returns as long as it likes."""
    clock = Clock()
    budget = RateLimiter(requests, seconds, monotonic=clock.monotonic, sleep=clock.sleep)
    stamps = []
    for idle, there, back in trips:
        clock.sleep(idle)
        with budget.lease(lambda _: None):
            clock.sleep(there)
            stamps.append(clock.now)
            clock.sleep(back)
    for first, after in zip(stamps, stamps[requests:], strict=False):
        assert after - first >= seconds


def test_no_window_holds_too_many_when_threads_share_it() -> None:
    budget = RateLimiter(4, 0.2)
    stamps: list[float] = []

    def work() -> None:
        for _ in range(3):
            with budget.lease(lambda _: None):
                stamps.append(time.monotonic())

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stamps.sort()
    assert len(stamps) == 18
    assert all(after - first >= 0.2 for first, after in zip(stamps, stamps[4:], strict=False))


def leased(budget: RateLimiter, times: int) -> list[Event]:
    events: list[Event] = []
    for _ in range(times):
        with budget.lease(events.append):
            pass
    return events


def paced(requests: int, seconds: float) -> tuple[Clock, RateLimiter]:
    clock = Clock()
    return clock, RateLimiter(requests, seconds, monotonic=clock.monotonic, sleep=clock.sleep)


def test_only_a_wait_is_told() -> None:
    _, budget = paced(2, 10.0)
    assert leased(budget, 3) == [Waited(seconds=window(10.0), why=WaitReason.BUDGET)]


def test_a_pause_holds_all_slots_back() -> None:
    clock, budget = paced(5, 1.0)
    budget.pause(30.0)
    budget.pause(3.0)
    assert leased(budget, 2) == [Waited(seconds=30.0, why=WaitReason.BUDGET)]
    assert clock.now == 30.0


def test_a_pause_that_comes_while_waiting_is_waited_for_too() -> None:
    clock = Clock()
    pauses: list[Callable[[], None]] = []

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        while pauses:
            pauses.pop()()

    budget = RateLimiter(1, 2.0, monotonic=clock.monotonic, sleep=sleep)
    pauses.append(lambda: budget.pause(7.0))
    assert leased(budget, 2) == [Waited(seconds=7.0 + window(2.0), why=WaitReason.BUDGET)]


def test_a_failed_exchange_gives_its_slot_back_as_late_as_any_other() -> None:
    _, budget = paced(1, 5.0)
    events: list[Event] = []
    with pytest.raises(ConnectionError), budget.lease(events.append):
        raise ConnectionError
    assert leased(budget, 1) == [Waited(seconds=window(5.0), why=WaitReason.BUDGET)]


def test_the_rounding_of_a_gateway_is_left_to_it_and_no_more() -> None:
    """nginx cuts a thousandth of a request off each, and a millisecond off the time."""
    assert 0.1 * 1.001 + 0.001 < window(0.1) < 0.103
    assert 3_600 * 1.001 + 0.001 < window(3_600) < 3_604


@pytest.mark.parametrize(("requests", "seconds"), [(0, 1.0), (1, 0.0), (-1, 1.0)])
def test_a_budget_that_lets_nothing_pass_is_refused(requests: int, seconds: float) -> None:
    with pytest.raises(ValueError, match="lets nothing pass"):
        RateLimiter(requests, seconds)
