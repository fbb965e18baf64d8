"""An answer that comes before its turn is kept, if it is not too long, and told at its turn."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from connectors.errors import SourceUnavailable
from connectors.events import Answered, Event
from connectors.http.exchange import Connection
from connectors.http.messages import Limits, Request
from connectors.http.sent import AHEAD_BYTES
from connectors.peer import Connected
from connectors.rate_limiter import RateLimiter
from tests.connectors.http.raw_server import GZIP, Serve, head, length, says, serving

LONG = bytes(32 << 20)
SHORT = b"{}"
WINDOW = 0.01


@contextmanager
def connected(
    serve: Serve, budget: RateLimiter, *, seconds: float = 20.0
) -> Iterator[tuple[Connection, Request, list[Event]]]:
    events: list[Event] = []
    with (
        serving(serve) as url,
        Connection(
            ca_file=None,
            budget=budget,
            limits=Limits(seconds=seconds, ratio=100_000),
            emit=events.append,
        ) as connection,
    ):
        yield connection, Request(url=url), events


def one() -> RateLimiter:
    """One request under way at a time: its slot is free again once its answer has come."""
    return RateLimiter(1, WINDOW)


def has_come(budget: RateLimiter, *, within: float) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if (slot := budget.take_free()) is not None:
            slot.free()
            return True
        time.sleep(0.005)
    return False


PLAIN = head(length(LONG)) + LONG
PACKED = gzip.compress(LONG, 1)
SAYS = {"plain": PLAIN, "packed": head(GZIP, length(PACKED)) + PACKED}


@pytest.mark.parametrize("coding", SAYS)
def test_what_is_longer_comes_at_its_turn(coding: str) -> None:
    budget = one()
    with connected(says(SAYS[coding]), budget) as (connection, request, _):
        assert connection.send_ahead(request) is not None
        assert not has_come(budget, within=0.5)
        assert connection.exchange(request).body == LONG
        assert has_come(budget, within=5)


def test_what_is_short_comes_at_once_and_is_told_at_its_turn() -> None:
    """Control."""
    budget = one()
    with connected(says(head(length(SHORT)) + SHORT), budget) as (connection, request, events):
        assert connection.send_ahead(request) is not None
        assert has_come(budget, within=5)
        assert events == []
        assert connection.exchange(request).body == SHORT
        assert [type(event) for event in events] == [Connected, Answered]


def test_the_network_holds_what_is_longer() -> None:
    """No more is taken from the source than is kept, and what its and our sockets hold."""
    sent = 0

    def serve(peer: socket.socket) -> None:
        nonlocal sent
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 16)
        peer.sendall(head(length(LONG)))
        for at in range(0, len(LONG), 1 << 16):
            peer.sendall(LONG[at : at + (1 << 16)])
            sent += 1 << 16

    with connected(serve, one()) as (connection, request, _):
        connection.send_ahead(request)
        time.sleep(0.5)
        assert AHEAD_BYTES <= sent < AHEAD_BYTES + (12 << 20)
        connection.exchange(request)
        assert sent == len(LONG)


def test_waiting_for_its_turn_is_no_time_of_the_source() -> None:
    with connected(says(PLAIN), one(), seconds=0.5) as (connection, request, _):
        connection.send_ahead(request)
        time.sleep(0.7)
        assert connection.exchange(request).body == LONG


def test_a_drip_has_no_more_time_than_at_its_turn() -> None:
    """Control: what the source itself takes counts from its sending on."""
    with connected(lambda _: time.sleep(1.5), one(), seconds=0.5) as (connection, request, _):
        connection.send_ahead(request)
        time.sleep(0.6)
        began = time.monotonic()
        with pytest.raises(SourceUnavailable, match=r"no whole answer in 0\.5 s"):
            connection.exchange(request)
        assert time.monotonic() - began < 0.4


def test_nothing_is_sent_ahead_without_a_slot() -> None:
    asked = 0

    def serve(peer: socket.socket) -> None:
        nonlocal asked
        asked += 1
        peer.sendall(head(length(SHORT)) + SHORT)

    budget = RateLimiter(1, 0.3)
    with connected(serve, budget) as (connection, request, _):
        connection.exchange(request)
        assert connection.send_ahead(request) is None
        connection.exchange(request)
    assert asked == 2


REFUSED = head("Retry-After: 7", length(b""), status="429 Too Many")


@pytest.mark.parametrize(("pause", "asked"), [(0.0, 7.0), (0.4, 6.6)])
def test_what_is_left_of_a_wait_is_told_at_its_turn(pause: float, asked: float) -> None:
    budget = RateLimiter(2, WINDOW)
    with connected(says(REFUSED), budget) as (connection, request, _):
        connection.send_ahead(request)
        time.sleep(0.2 + pause)
        left = connection.exchange(request).retry_after
        assert left is not None
        assert asked - 0.5 < left <= asked
        assert budget.take_free() is None  # for all who share it


@pytest.mark.parametrize("end", [Connection.leave, None], ids=["left", "closed"])
def test_one_whose_turn_never_comes_is_let_go(end: Callable[..., None] | None) -> None:
    """Also one that waits for its turn in the middle of its body."""
    budget = one()
    with connected(says(PLAIN), budget) as (connection, request, events):
        connection.send_ahead(request)
        assert not has_come(budget, within=0.3)
        if end is not None:
            end(connection, seconds=5)
            assert len(events) == 2
    assert has_come(budget, within=5)
