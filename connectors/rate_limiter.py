"""A request budget that keeps a source's quota, whatever the network's jitter.

    lease ─▶ request ─▶ answer arrives ─▶ the slot is free again `seconds` later

No window of that length at the source, sliding or fixed, contains more than `requests`
(`connectors/slots.py`). The price is RTT / (seconds + RTT) of the rate. A little more is left for
gateways that count in whole milliseconds and round against us.
All who ask one host with one credential share its slots: threads by one limiter, processes by
`shared`, which must own the whole quota.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from connectors import shared_slots
from connectors.events import Emit, Waited, WaitReason
from connectors.slots import OwnSlots, Slots

_WAITED_SECONDS = 0.001
"""A shorter delay is caused by the scheduler and is not reported."""
_FOR_EVER = float("inf")


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
        self._slots: Slots = OwnSlots(requests, seconds, monotonic=monotonic)
        self._taken = 0
        self._changed = threading.Condition()
        self._shared: dict[str, RateLimiter] = {}

    def __repr__(self) -> str:
        return f"RateLimiter({self.requests}, {self.seconds})"

    def shared(self, account: str) -> RateLimiter:
        """This budget as all processes share it that ask as `account`, which is no secret. Raises
        SourceError where others could change what they share.
        """
        with self._changed:
            if account not in self._shared:
                one = RateLimiter(
                    self.requests, self.seconds, monotonic=self._monotonic, sleep=self._sleep
                )
                one._slots = shared_slots.of(
                    account, self.requests, self.seconds, monotonic=self._monotonic
                )
                self._shared[account] = one
            return self._shared[account]

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
        slot, wait = self._wait_for_one()
        until = self._monotonic() + wait
        try:
            while wait > 0:
                self._sleep(wait)
                wait = max(until - self._monotonic(), self._paused())
            if (waited := self._monotonic() - asked_at) >= _WAITED_SECONDS:
                emit(Waited(seconds=waited, why=WaitReason.BUDGET))
        except BaseException:
            slot.free()
            raise
        return slot

    def take_free(self) -> Slot | None:
        """One slot that is free at this moment, if there is one."""
        with self._changed:
            taken = self._slots.take(within=0.0)
            return None if taken.slot is None else self._hand_out(taken.slot)

    def pause(self, seconds: float) -> None:
        """Start no lease for `seconds`: the source says that the quota is spent."""
        with self._changed:
            self._slots.pause(seconds)

    def spent_by_others(self) -> int:
        """How many requests others have begun that share it, since somebody first did."""
        with self._changed:
            return self._slots.spent() - self._taken

    def _wait_for_one(self) -> tuple[Slot, float]:
        """A slot that is ours from now on, and after how long it may be used."""
        with self._changed:
            while True:
                taken = self._slots.take(within=_FOR_EVER)
                if taken.slot is not None:
                    return self._hand_out(taken.slot), taken.wait
                self._changed.wait(None if taken.wait == _FOR_EVER else taken.wait)

    def _paused(self) -> float:
        with self._changed:
            return self._slots.paused()

    def _hand_out(self, slot: int) -> Slot:
        self._taken += 1
        return Slot(lambda: self._put_back(slot))

    def _put_back(self, slot: int) -> None:
        with self._changed:
            self._slots.free(slot)
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
