"""What is sent before its turn: in order, within bounds, slower when the source is busy."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from contextlib import closing

import pytest

from connectors.files.stores.ahead import AHEAD_BYTES, AT_ONCE, Pace, Request, Sent, in_turn
from connectors.worker import Begun


def wide() -> Pace:
    """A pace after many answers."""
    pace = Pace()
    for _ in range(100):
        pace.answered()
    return pace


class Reading:
    """Requests that are answered when they are taken; keeps what was under way at most."""

    def __init__(self, sizes: Sequence[int], pace: Pace) -> None:
        self.sent, self.taken, self.left = list[int](), list[int](), list[int]()
        self.requests = [self._request(number, size) for number, size in enumerate(sizes)]
        self.most_at_once = self.most_bytes = 0
        self.turns = in_turn(self.requests, pace=pace, take=self._take, leave=self._leave)
        self._sizes, self._lock = sizes, threading.Lock()

    def _request(self, number: int, size: int) -> Request[int]:
        def send(_: threading.Event) -> int:
            with self._lock:
                self.sent.append(number)
            return number

        return Request(what=f"{number}", send=send, bytes=size)

    def _take(self, request: Request[int], begun: Begun[int] | None) -> int:
        answer = (begun or request.begin()).outcome(5)
        self._watch()
        self.taken.append(answer)
        assert request.what == f"{answer}"
        return answer

    def under_way(self) -> list[int]:
        """Sent and not taken, once those that were begun have been sent."""
        time.sleep(0.05)
        return self._under_way()

    def _under_way(self) -> list[int]:
        with self._lock:
            return sorted(one for one in self.sent if one not in self.taken)

    def _watch(self) -> None:
        under_way = self._under_way()
        self.most_at_once = max(self.most_at_once, len(under_way))
        self.most_bytes = max(self.most_bytes, sum(self._sizes[one] for one in under_way))

    def _leave(self, sent: Sequence[Sent[int]]) -> None:
        self.left += [begun.outcome(5) for _, begun in sent]


def test_answers_come_in_order_and_each_request_is_sent_once():
    reading = Reading([1] * 50, wide())
    assert list(reading.turns) == list(range(50))
    assert sorted(reading.sent) == list(range(50))
    assert reading.left == []
    assert 1 < reading.most_at_once <= AT_ONCE


def test_all_that_is_under_way_is_bounded_in_bytes():
    """Control: the small ones beside, of which several are under way."""
    quarter = AHEAD_BYTES // 4
    reading = Reading([quarter] * 20, wide())
    assert list(reading.turns) == list(range(20))
    assert quarter < reading.most_bytes <= AHEAD_BYTES


def test_what_is_longer_than_the_bound_is_fetched_alone():
    reading = Reading([1, AHEAD_BYTES + 1, AHEAD_BYTES + 1, 1, 1], wide())
    assert list(reading.turns) == list(range(5))
    assert reading.most_bytes == AHEAD_BYTES + 1


def test_one_is_under_way_at_first_and_after_tries_in_vain():
    pace = Pace()
    assert pace.at_once == 1
    for _ in range(100):
        pace.answered()
    assert pace.at_once == AT_ONCE
    widths = list[int]()
    for _ in range(4):
        pace.in_vain()
        widths.append(pace.at_once)
    assert widths == [4, 2, 1, 1]
    reading = Reading([1] * 5, pace)
    assert list(reading.turns) == list(range(5))
    assert reading.most_at_once == 1


def test_a_reading_that_ends_leaves_what_is_under_way_and_sends_nothing_more():
    reading = Reading([1] * 50, wide())
    with closing(reading.turns) as turns:
        assert next(turns) == 0
    assert reading.left == list(range(1, 1 + AT_ONCE))
    assert sorted(reading.sent) == [0, *reading.left]
    with pytest.raises(StopIteration):
        next(turns)


def test_what_is_longer_is_not_sent_while_another_answer_is_worked_on():
    """Control: the short one behind it, which is."""
    reading = Reading([1, AHEAD_BYTES + 1, 1, 1], wide())
    assert next(reading.turns) == 0
    assert reading.under_way() == []
    assert next(reading.turns) == 1
    assert reading.under_way() == [2, 3]
    reading.turns.close()
