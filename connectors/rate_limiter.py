"""A request budget that keeps a source's quota, whatever the network's jitter.

    lease ─▶ request ─▶ answer arrives ─▶ the slot is free again `seconds` later

The source stamps a request before its answer arrives. So the stamps of a request and of the one
that reuses its slot are more than `seconds` apart, and no window of that length at the source,
sliding or fixed, contains more than `requests`. The price is RTT / (seconds + RTT) of the rate.
A little more is left for gateways that count in whole milliseconds and round against us.
Use one limiter per host and credential, shared by all its users: it must own the whole quota.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from heapq import heapify, heappop, heappush

from connectors.events import Emit, Waited, WaitReason

_WAITED_SECONDS = 0.001
"""A shorter delay is caused by the scheduler and is not reported."""


def window(seconds: float) -> float:
    """How long a slot rests: nginx counts in milliseconds and thousandths of a request, and cuts
    off what is left of both (`ngx_http_limit_req_module`).
    """
    return seconds * 1.001 + 0.002


class RateLimiter:
    """At most `requests` in any window of `seconds`. Threads may share it.

    >>> RateLimiter(requests=5, seconds=10)
    RateLimiter(5, 10)
    """

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
        self._slots = [self._paused_until] * requests
        """The times from which they are free, as a heap."""
        heapify(self._slots)
        self._changed = threading.Condition()

    def __repr__(self) -> str:
        return f"RateLimiter({self.requests}, {self.seconds})"

    @contextmanager
    def lease(self, emit: Emit) -> Iterator[None]:
        """Take one slot for one exchange. Waits until one is free and emits `Waited`."""
        slot = self.take(emit)
        try:
            yield
        finally:
            slot.free()

    def take(self, emit: Emit) -> Slot:
        """One slot for one exchange, to be freed when its answer has come. Waits until one is
        free and emits `Waited`.
        """
        if (slot := self.take_free()) is not None:
            return slot
        asked_at = self._monotonic()
        with self._changed:
            while not self._slots:
                self._changed.wait()
            free_at = heappop(self._slots)
        slot = Slot(self._put_back)
        try:
            while (wait := max(free_at, self._paused_until) - self._monotonic()) > 0:
                self._sleep(wait)
            if (waited := self._monotonic() - asked_at) >= _WAITED_SECONDS:
                emit(Waited(seconds=waited, why=WaitReason.BUDGET))
        except BaseException:
            slot.free()
            raise
        return slot

    def take_free(self) -> Slot | None:
        """One slot that is free at this moment, if there is one."""
        with self._changed:
            if not self._slots or max(self._slots[0], self._paused_until) > self._monotonic():
                return None
            heappop(self._slots)
            return Slot(self._put_back)

    def pause(self, seconds: float) -> None:
        """Start no lease for `seconds`: the source says that the quota is spent."""
        with self._changed:
            self._paused_until = max(self._paused_until, self._monotonic() + seconds)

    def _put_back(self) -> None:
        with self._changed:
            heappush(self._slots, self._monotonic() + window(self.seconds))
            self._changed.notify()


class Slot:
    """The right to one exchange."""

    def __init__(self, put_back: Callable[[], None]) -> None:
        self._put_back = [put_back]

    def free(self) -> None:
        """Let it rest from now on. Only the first call counts, in whichever thread."""
        try:
            put_back = self._put_back.pop()
        except IndexError:
            return
        put_back()
