"""How an API that limits its clients is read: by two of ours at once, and by a peer's loops."""

from __future__ import annotations

import math
import os
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

import httpx
from tenacity import RetryCallState, Retrying, retry_if_result

from bench import limiters, nginx
from bench.metric import Metric, Sample
from connectors.events import Answered, Event
from connectors.http.exchange import Connection
from connectors.http.messages import Limits, Request
from connectors.rate_limiter import RateLimiter
from tests.connectors.scripted import Said, scripted

LIBRARIES = ("httpx", "tenacity")
_CLIENTS = 2
_REFUSED = "refusals of two clients at once, floor: the peer's beside them"
_TIME = "seconds over what window and round trip permit, floor: the peer's beside them"
_CPU = "microseconds of CPU for a lease, floor: one of a limiter that is not shared"
_MOST = 1 / 0.95
_OK, _TOO_MANY = 200, 429


@dataclass(slots=True)
class _Gateway:
    """What limits, and what it counted."""

    url: str
    requests: int
    seconds: float
    refused: int = 0
    passed: list[float] = field(default_factory=list)
    """When answers came."""
    alone: threading.Lock = field(default_factory=threading.Lock)

    def count(self, status: int) -> None:
        """Take an answer."""
        with self.alone:
            self.refused += status != _OK
            self.passed += [time.monotonic()] if status == _OK else []


def floors() -> list[str]:
    """What the figures stand on."""
    first = (
        "Ours are two clients with a limiter each, which share their budget by its file as two "
        "processes do. All servers are on this machine, in real time; nginx is itself."
    )
    second = (
        "The peer is two loops of httpx.get under tenacity: what is refused is asked again after "
        "Retry-After (1 s), or after exponential backoff where nginx tells none. It has no budget."
    )
    third = (
        "Time goes from the first answer to the last one. Window and round trip permit "
        "(requests / quota - 1) x (window + RTT), rounded up to whole windows; RTT is the mean."
    )
    return [first, second, third]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """All metrics."""
    rounds, requests = (1, 15) if quick else (3, 40)
    refused, times = [], []
    for name, begun in gateways().items():
        found = []
        for number in range(rounds):
            say(f"{requests} requests to {name}, round {number + 1} of {rounds}")
            found.append((run(begun, requests, ours), run(begun, requests, peer)))
        refused.append(
            Metric(
                metric=name,
                unit=_REFUSED,
                samples=tuple(Sample(value=a.refused, against=b.refused) for a, b in found),
                goal=0,
                summary=max,
            )
        )
        times.append(
            Metric(
                metric=name,
                unit=_TIME,
                samples=tuple(Sample(value=a.over, against=b.over) for a, b in found),
                goal=_MOST,
            )
        )
    return [*refused, *times, _lease(2_000 if quick else 20_000, 3 if quick else 9)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ran:
    refused: int
    over: float
    """Its time over what was permitted."""


_Begun = Callable[[], AbstractContextManager[_Gateway]]
Asks = Callable[[_Gateway, int], list[float]]


def run(begun: _Begun, requests: int, asks: Asks) -> _Ran:
    """What comes of so many requests by two clients."""
    with begun() as gateway:
        trips = asks(gateway, requests)
        windows = math.ceil(requests / gateway.requests) - 1
        permitted = windows * (gateway.seconds + statistics.mean(trips))
        took = max(gateway.passed) - min(gateway.passed)
        return _Ran(refused=gateway.refused, over=took / permitted)


def _shared(requests: int, each: Callable[[int], list[float]]) -> list[float]:
    """The round trips of all clients."""
    share = requests // _CLIENTS
    parts = [share] * (_CLIENTS - 1) + [requests - share * (_CLIENTS - 1)]
    with ThreadPoolExecutor(_CLIENTS) as pool:
        return [trip for trips in pool.map(each, parts) for trip in trips]


def ours(gateway: _Gateway, requests: int) -> list[float]:
    """The round trips of two of ours."""
    with _fresh_state():

        def each(part: int) -> list[float]:
            events: list[Event] = []
            budget = RateLimiter(gateway.requests, gateway.seconds).shared(gateway.url)
            with Connection(
                ca_file=None, budget=budget, limits=Limits(), emit=events.append
            ) as line:
                for _ in range(part):
                    status = line.exchange(Request(url=gateway.url)).status
                    gateway.count(status)
            return [event.seconds for event in events if isinstance(event, Answered)]

        return _shared(requests, each)


def peer(gateway: _Gateway, requests: int) -> list[float]:
    """The round trips of two of the peer's."""

    def each(part: int) -> list[float]:
        trips: list[float] = []

        def ask() -> httpx.Response:
            began = time.monotonic()
            answer = client.get(gateway.url)
            trips.append(time.monotonic() - began)
            gateway.count(answer.status_code)
            return answer

        again = retry_if_result(lambda answer: answer.status_code != _OK)
        with httpx.Client(trust_env=False) as client:
            for _ in range(part):
                Retrying(retry=again, wait=_wait)(ask)
        return trips

    return _shared(requests, each)


def _wait(state: RetryCallState) -> float:
    assert state.outcome is not None
    told = state.outcome.result().headers.get("retry-after")
    return float(told) if told else min(8.0, 0.1 * 2.0 ** (state.attempt_number - 1))


@contextmanager
def _fresh_state() -> Iterator[None]:
    """Budgets of nobody else."""
    before = os.environ.get("XDG_STATE_HOME")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = folder
        try:
            yield
        finally:
            del os.environ["XDG_STATE_HOME"]
            if before is not None:
                os.environ["XDG_STATE_HOME"] = before


def gateways() -> dict[str, _Begun]:
    """Those that there are."""
    found: dict[str, _Begun] = {
        name: _served(name) for name in ("sliding window", "fixed window", "token bucket")
    }
    if shutil.which(nginx.PROGRAM):
        found["nginx, 10 r/s, burst 4"] = lambda: _nginx(rate=10, burst=4)
        found["nginx, 10 r/s"] = lambda: _nginx(rate=10, burst=0)
    return found


def _served(name: str) -> _Begun:
    @contextmanager
    def begun() -> Iterator[_Gateway]:
        lets, alone = limiters.KINDS[name](), threading.Lock()

        def answer(_: object) -> Said:
            with alone:
                passes = lets(time.monotonic())
            if passes:
                return Said([])
            return Said([], _TOO_MANY, {"retry-after": "1", "content-type": "application/json"})

        with scripted(answer) as source:
            yield _Gateway(f"{source.url}/page", limiters.REQUESTS, limiters.SECONDS)

    return begun


@contextmanager
def _nginx(*, rate: int, burst: int) -> Iterator[_Gateway]:
    with nginx.gateway(rate=rate, burst=burst, status=_TOO_MANY) as url:
        yield _Gateway(url, burst + 1, (burst + 1) / rate)


def _lease(times: int, rounds: int) -> Metric:
    with _fresh_state():
        own = RateLimiter(10_000, 0.001)
        shared = RateLimiter(10_000, 0.001).shared("bench")
        samples = [
            Sample(value=_cpu(shared, times), against=_cpu(own, times)) for _ in range(rounds)
        ]
    return Metric(metric="a budget shared by processes", unit=_CPU, samples=tuple(samples))


def _cpu(budget: RateLimiter, times: int) -> float:
    began = time.process_time()
    for _ in range(times):
        with budget.lease(lambda _: None):
            pass
    return (time.process_time() - began) / times * 1e6
