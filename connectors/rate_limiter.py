"""A request budget that keeps a source's quota, whatever the network's jitter.

    lease ─▶ request ─▶ answer arrives ─▶ the slot is free again `seconds` later

The source stamps a request before its answer arrives. So the stamps of a request and of the one
that reuses its slot are more than `seconds` apart, and no window of that length at the source,
sliding or fixed, contains more than `requests`. The price is RTT / (seconds + RTT) of the rate.
A little more is left for gateways that count in whole milliseconds and round against us.
Use one limiter per host and credential, shared by all its users: it must own the whole quota.
"""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

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
        # A slot is the time from which it is free. Slots are put back in the order of their times,
        # so the first in the queue is the first that is free.
        self._slots: queue.SimpleQueue[float] = queue.SimpleQueue()
        for _ in range(requests):
            self._slots.put(self._paused_until)

    def __repr__(self) -> str:
        return f"RateLimiter({self.requests}, {self.seconds})"

    @contextmanager
    def lease(self, emit: Emit) -> Iterator[None]:
        """Take one slot for one exchange. Waits until one is free and emits `Waited`."""
        asked_at = self._monotonic()
        free_at = self._slots.get()
        try:
            while (wait := max(free_at, self._paused_until) - self._monotonic()) > 0:
                self._sleep(wait)
            if (waited := self._monotonic() - asked_at) >= _WAITED_SECONDS:
                emit(Waited(seconds=waited, why=WaitReason.BUDGET))
            yield
        finally:
            self._slots.put(self._monotonic() + window(self.seconds))

    def pause(self, seconds: float) -> None:
        """Start no lease for `seconds`: the source says that the quota is spent."""
        self._paused_until = max(self._paused_until, self._monotonic() + seconds)
