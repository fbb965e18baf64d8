"""Servers that limit how often they are asked, each in its own way; on a clock of their own.

Each is asked whether it lets a request of this moment pass.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from bench.outage import Time
from connectors.rate_limiter import RateLimiter

Lets = Callable[[float], bool]


class Client(NamedTuple):
    """Who asks."""

    trip: float
    """Seconds that its requests travel on average, there and back again."""
    idle: float
    """Seconds that it does something else before every fourth."""


FAR, NEAR = Client(trip=0.02, idle=0.5), Client(trip=0.0002, idle=0.0)
REQUESTS, SECONDS = 5, 2.0
_LONG_AGO = 10**9
"""In milliseconds: nobody has asked yet."""


def sliding() -> Lets:
    """At most so many in any window."""
    stamps: deque[float] = deque()

    def lets(now: float) -> bool:
        while stamps and now - stamps[0] >= SECONDS:
            stamps.popleft()
        passes = len(stamps) < REQUESTS
        if passes:
            stamps.append(now)
        return passes

    return lets


def fixed() -> Lets:
    """At most so many in each window, which all begin when the clock says so."""
    window, taken = -1, 0

    def lets(now: float) -> bool:
        nonlocal window, taken
        if (at := int(now // SECONDS)) != window:
            window, taken = at, 0
        taken += 1
        return taken <= REQUESTS

    return lets


def bucket() -> Lets:
    """A bucket of so many tokens, filled evenly."""
    tokens, before = float(REQUESTS), 0.0

    def lets(now: float) -> bool:
        nonlocal tokens, before
        tokens = min(REQUESTS, tokens + (now - before) * REQUESTS / SECONDS)
        before = now
        passes = tokens >= 1 - 1e-9
        if passes:
            tokens -= 1
        return passes

    return lets


def leaky() -> Lets:
    """As nginx counts it, in milliseconds and thousandths: `rate=2.5r/s burst=4 nodelay`."""
    excess, before = 0, -_LONG_AGO

    def lets(now: float) -> bool:
        nonlocal excess, before
        at = int(now * 1000)
        more = max(0, excess - int(REQUESTS / SECONDS * (at - before)) + 1000)
        passes = more <= (REQUESTS - 1) * 1000
        if passes:
            excess, before = more, at
        return passes

    return lets


KINDS = {
    "sliding window": sliding,
    "fixed window": fixed,
    "token bucket": bucket,
    "leaky bucket": leaky,
}


def refused(lets: Lets, *, requests: int, budgeted: bool, seed: int, client: Client = FAR) -> int:
    """How many requests of a client are refused."""
    trip, idle = client
    time, chance, refusals = Time(), random.Random(seed), 0
    quota = (REQUESTS, SECONDS) if budgeted else (requests, SECONDS)
    budget = RateLimiter(*quota, monotonic=time.monotonic, sleep=time.sleep)
    for _ in range(requests):
        if idle and not chance.randrange(4):
            time.sleep(chance.expovariate(1 / idle))
        with budget.lease(lambda _: None):
            time.sleep(chance.expovariate(1 / trip))
            refusals += not lets(time.now)
            time.sleep(chance.expovariate(1 / trip))
    return refusals
