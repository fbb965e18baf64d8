"""Requests whose turn has not come, sent while those before them are answered.

    at its turn ─▶ its answer, its events, its retries: all as if nothing had been sent ahead

Only the first try of a request is sent ahead. Answers are taken in order and by one thread, so a
wait or a retry holds up all that would be sent next. One request is under way at first, more as
answers come, half as many after each try in vain.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from connectors.worker import Begun

AT_ONCE = 8
"""Requests under way at most."""
AHEAD_BYTES = 4 << 20
"""Of all that is fetched at once. What is longer is fetched alone, at its turn."""
Done = TypeVar("Done")
_Taken = TypeVar("_Taken")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Generic[Done]):
    """What can be asked in one try, and again."""

    what: str
    send: Callable[[threading.Event], Done]
    """Once the event is set, it sends nothing more and raises `Stopped`."""
    bytes: int = 0
    """Of its answer."""
    discard: Callable[[Done], None] = lambda _: None
    """Given an answer that came too late."""

    def begin(self) -> Begun[Done]:
        """Send it from a thread of its own."""
        return Begun(self.send, discard=self.discard)


class Stopped(Exception):
    """A request ended half-way, because nobody waits for it any more."""


Sent: TypeAlias = tuple[Request[Done], Begun[Done]]


class Pace:
    """How many requests may be under way: an answer adds to it, a try in vain halves it.

    Additive increase and multiplicative decrease, as in TCP (RFC 5681 3.1). One thread uses it.
    """

    def __init__(self) -> None:
        self._width = 1.0

    @property
    def at_once(self) -> int:
        """From one to `AT_ONCE`."""
        return int(self._width)

    def answered(self) -> None:
        """The store answered as it should."""
        self._width = min(float(AT_ONCE), self._width + 1 / self._width)

    def in_vain(self) -> None:
        """The store was too busy, or did not answer."""
        self._width = max(1.0, self._width / 2)


def in_turn(
    requests: Iterable[Request[Done]],
    *,
    pace: Pace,
    take: Callable[[Request[Done], Begun[Done] | None], _Taken],
    leave: Callable[[Sequence[Sent[Done]]], None],
) -> Generator[_Taken, None, None]:
    """What `take` makes of each request, in order, while those behind it are under way; it sends
    those itself that were not sent ahead. `leave` gets those whose turn has not come when the
    reading ends.
    """
    rest = iter(requests)
    following = next(rest, None)
    sent = deque[Sent[Done]]()

    def send_ahead() -> None:
        nonlocal following
        while following is not None and len(sent) < pace.at_once:
            if sum(one.bytes for one, _ in sent) + following.bytes > AHEAD_BYTES:
                break
            sent.append((following, following.begin()))
            following = next(rest, None)

    try:
        while sent or following is not None:
            turn: tuple[Request[Done], Begun[Done] | None]
            if following is not None and not sent:
                turn, following = (following, None), next(rest, None)
            else:
                turn = sent.popleft()
            taken = take(*turn)
            send_ahead()  # what is under way while the answer is worked on
            yield taken
    finally:
        leave(tuple(sent))
