"""The slots of a request budget: who may ask now, who must wait, and for how long.

    take ─▶ in flight ─▶ free: it rests `window(seconds)` from then on ─▶ take …

A source stamps a request before its answer arrives. So the stamps of a request and of the one that
reuses its slot are more than `seconds` apart, whoever sent them.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import NamedTuple, Protocol


def window(seconds: float) -> float:
    """How long a slot rests: nginx counts in milliseconds and thousandths of a request, and cuts
    off what is left of both (`ngx_http_limit_req_module`).
    """
    return seconds * 1.001 + 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class SpentByOthers:
    """Others who share our budget began so many requests during this reading.

    >>> SpentByOthers(requests=12)
    SpentByOthers(requests=12)
    """

    requests: int


class Taken(NamedTuple):
    """What came of asking for a slot."""

    slot: int | None
    """None if there is none within the time that was given."""
    wait: float
    """Seconds until it may be used, or until it is worth asking again."""


class Slots(Protocol):
    """The slots of one budget. Called by one thread at a time."""

    def take(self, *, within: float) -> Taken:
        """Take a slot that may be used in so many seconds at most. It is ours until it is freed,
        or until our process ends.
        """

    def free(self, slot: int) -> None:
        """Let it rest from now on."""

    def pause(self, seconds: float) -> None:
        """Let nobody begin for so long."""

    def paused(self) -> float:
        """For how many seconds nobody may begin."""

    def spent(self) -> int:
        """How many slots were ever taken, by whomever."""


class BothSlots:
    """Those of which each is one here and one there: of this machine, and of several."""

    def __init__(
        self, here: Slots, there: Slots, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._here, self._there, self._monotonic = here, there, monotonic
        self._waiting: tuple[int, float] | None = None
        """One from here that still has none from there, and from when on it may be used."""
        self._pairs: dict[int, int] = {}

    def take(self, *, within: float) -> Taken:
        """As `Slots` says."""
        if self._waiting is None:
            here = self._here.take(within=within)
            if here.slot is None:
                return here
            self._waiting = here.slot, self._monotonic() + here.wait
        slot, free_at = self._waiting
        there = self._there.take(within=within)
        if there.slot is None:
            return there
        self._waiting, self._pairs[slot] = None, there.slot
        return Taken(slot, max(0.0, free_at - self._monotonic(), there.wait))

    def free(self, slot: int) -> None:
        """As `Slots` says."""
        self._here.free(slot)
        self._there.free(self._pairs.pop(slot))

    def pause(self, seconds: float) -> None:
        """As `Slots` says."""
        self._here.pause(seconds)
        self._there.pause(seconds)

    def paused(self) -> float:
        """As `Slots` says."""
        return max(self._here.paused(), self._there.paused())

    def spent(self) -> int:
        """As `Slots` says."""
        return max(self._here.spent(), self._there.spent())


class OwnSlots:
    """Those that one process has for itself."""

    def __init__(
        self, requests: int, seconds: float, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._paused_until = monotonic()
        self._free = [(self._paused_until, slot) for slot in range(requests)]
        """With the times from which they are free, as a heap."""
        heapify(self._free)
        self._spent = 0

    def take(self, *, within: float) -> Taken:
        """The one that is free first."""
        if not self._free:
            return Taken(None, math.inf)
        now = self._monotonic()
        free_at, slot = self._free[0]
        wait = max(free_at, self._paused_until) - now
        if wait > within:
            return Taken(None, wait)
        heappop(self._free)
        self._spent += 1
        return Taken(slot, wait)

    def free(self, slot: int) -> None:
        """As `Slots` says."""
        heappush(self._free, (self._monotonic() + window(self._seconds), slot))

    def pause(self, seconds: float) -> None:
        """As `Slots` says."""
        self._paused_until = max(self._paused_until, self._monotonic() + seconds)

    def paused(self) -> float:
        """As `Slots` says."""
        return max(0.0, self._paused_until - self._monotonic())

    def spent(self) -> int:
        """As `Slots` says."""
        return self._spent
