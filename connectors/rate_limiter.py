"""A request budget that a source cannot see exceeded, whatever the network's jitter.

    lease ─▶ request ─▶ answer arrives ─▶ the slot comes back `seconds` later

The source stamped the request before its answer arrived. So between the stamps of any request and
of the one that reuses its slot lie more than `seconds`, and no window of that length at the
source, sliding or fixed, ever holds more than `requests`. The price is RTT / (seconds + RTT) of
the rate. It owns the whole quota: one per host and credential, shared by all who use them.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from connectors.events import Emit, Waited, WaitReason

_HELD_BACK_SECONDS = 0.001
"""Less is the scheduler's doing and no wait of ours."""


class RateLimiter:
    """At most `requests` in any window of `seconds`; safe to share between threads."""

    def __init__(
        self,
        requests: int,
        seconds: float,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if requests < 1 or seconds <= 0:
            raise ValueError(f"a budget of {requests} requests in {seconds} s lets nothing pass")
        self.requests = requests
        self.seconds = seconds
        self._monotonic = monotonic
        self._sleep = sleep
        self._paused_until = monotonic()
        # Each slot is the time from which it may be used. Slots come back in the order of their
        # times, so the first in the queue is the first to be free.
        self._slots: queue.SimpleQueue[float] = queue.SimpleQueue()
        for _ in range(requests):
            self._slots.put(self._paused_until)

    def __repr__(self) -> str:
        return f"RateLimiter({self.requests}, {self.seconds})"

    @contextmanager
    def lease(self, emit: Emit) -> Iterator[None]:
        """Hold one slot for one exchange; waits until there is one, and says how long."""
        asked_at = self._monotonic()
        free_at = self._slots.get()
        try:
            while (wait := max(free_at, self._paused_until) - self._monotonic()) > 0:
                self._sleep(wait)
            if (waited := self._monotonic() - asked_at) >= _HELD_BACK_SECONDS:
                emit(Waited(seconds=waited, why=WaitReason.BUDGET))
            yield
        finally:
            self._slots.put(self._monotonic() + self.seconds)

    def pause(self, seconds: float) -> None:
        """Let no further lease begin for so long: the source said that the quota is spent."""
        self._paused_until = max(self._paused_until, self._monotonic() + seconds)
