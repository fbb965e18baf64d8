"""What a source suffers from us: requests while it is down, and refusals that need not be."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping

from bench import limiters, nginx, outage, statements
from bench.metric import Metric, Sample
from connectors.rate_limiter import RateLimiter
from tests.connectors.scripted import Said

LIBRARIES = ("httpx", "tenacity", "pyarrow")
DATASETS = 50
_MOST = 1.2 * DATASETS + 10
_REQUESTS = f"requests for {DATASETS} datasets of a page each, floor: one each"
_LOST = f"datasets of {DATASETS} that were not read"
_REFUSED = "refusals that a client could have avoided"
_CONTROL = "refusals of the same requests without a budget"


def _at_random() -> outage.Answer:
    numbers = iter(range(10**6))
    return lambda *_: Said({}, 503) if next(numbers) % 3 == 0 else outage.PAGE


def _down_for(seconds: float, **headers: str) -> outage.Answer:
    said = Said({}, 503, headers)
    return lambda _, at: said if at < seconds else outage.PAGE


OUTAGES: Mapping[str, outage.Answer] = {
    "down for 60 s": _down_for(60),
    "down for 60 s, wait 0 s": _down_for(60, **{"retry-after": "0"}),
    "down for ever": _down_for(float("inf")),
    "down for two days": _down_for(float("inf"), **{"retry-after": "172800"}),
    "every third answer 503": _at_random(),
    "always well": lambda *_: outage.PAGE,
}


def floors() -> list[str]:
    """What the figures stand on."""
    virtual = "The clock of outages and of the limiters passes only while somebody waits."
    return [f"{virtual} nginx is itself, and measured in real time."]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """All metrics."""
    return [
        *_outages(say),
        *_announced(say),
        *_limited(1 if quick else 20, say),
        *_by_nginx(10 if quick else 60, say),
        *statements.measured(quick=quick, say=say),
    ]


def _outages(say: Callable[[str], None]) -> list[Metric]:
    requests, lost = [], []
    for name, answer in OUTAGES.items():
        say(f"{DATASETS} datasets of an API: {name}")
        night = outage.read(DATASETS, answer)
        asked = Sample(value=len(night.paths), against=DATASETS)
        requests.append(Metric(metric=name, unit=_REQUESTS, samples=(asked,), goal=_MOST))
        lost.append(Metric(metric=name, unit=_LOST, samples=(Sample(value=night.lost),)))
    return [*requests, *lost]


def _announced(say: Callable[[str], None]) -> Iterator[Metric]:
    """A fixed window that nobody told the pilot, only each answer."""
    for name, header in _ANNOUNCED.items():
        say(f"a quota that is announced: {name}")
        samples = (Sample(value=_refused_where(header)),)
        yield Metric(metric=f"announced, {name}", unit=_REFUSED, samples=samples, goal=0)
    samples = (Sample(value=_refused_where(lambda *_: {})),)
    yield Metric(metric="announced nowhere", unit=_CONTROL, samples=samples)


def _refused_where(header: Callable[[int, int], Mapping[str, str]]) -> int:
    """The refusals where each answer has this header, of what is left and for how long."""
    lets, left, window, refusals = limiters.fixed(), limiters.REQUESTS, -1, 0

    def answer(_: object, at: float) -> Said:
        nonlocal left, window, refusals
        if (now := int(at // limiters.SECONDS)) != window:
            window, left = now, limiters.REQUESTS
        left = max(0, left - 1)
        passes = lets(at)
        refusals += not passes
        until = -int(-((now + 1) * limiters.SECONDS - at) // 1)
        headers = {"content-type": "application/json", **header(left, until)}
        return Said([{"id": 1}] if passes else {}, 200 if passes else 429, headers)

    outage.read(DATASETS, answer)
    return refusals


_ANNOUNCED: Mapping[str, Callable[[int, int], Mapping[str, str]]] = {
    "RateLimit": lambda left, until: {"ratelimit": f'"default";r={left};t={until}'},
    "draft 7": lambda left, until: {
        "ratelimit": f"limit={limiters.REQUESTS}, remaining={left}, reset={until}"
    },
    "draft 3": lambda left, until: {
        "ratelimit-remaining": f"{left}",
        "ratelimit-reset": f"{until}",
    },
    "X-, seconds": lambda left, until: {
        "x-ratelimit-remaining": f"{left}",
        "x-ratelimit-reset": f"{until}",
    },
    "X-, since 1970": lambda left, until: {
        "x-ratelimit-remaining": f"{left}",
        "x-ratelimit-reset": f"{int(time.time()) + until + 1}",
    },
}


def _limited(rounds: int, say: Callable[[str], None]) -> list[Metric]:
    kept, bare = [], []
    for name, kind in limiters.KINDS.items():
        say(f"{rounds} x 2 x 1,000 requests to a {name}")
        counts = {
            budgeted: tuple(
                Sample(
                    value=limiters.refused(
                        kind(), requests=1_000, budgeted=budgeted, seed=seed, client=client
                    )
                )
                for client in (limiters.FAR, limiters.NEAR)
                for seed in range(rounds)
            )
            for budgeted in (True, False)
        }
        kept.append(Metric(metric=name, unit=_REFUSED, samples=counts[True], goal=0, summary=max))
        bare.append(Metric(metric=name, unit=_CONTROL, samples=counts[False]))
    return [*kept, *bare]


def _by_nginx(requests: int, say: Callable[[str], None]) -> list[Metric]:
    metrics, controls = [], []
    for name, rate, burst in (("nginx, 10 r/s", 10, 0), ("nginx, 10 r/s, burst 4", 10, 4)):
        kept, bare = list[Sample](), list[Sample]()
        if shutil.which(nginx.PROGRAM):
            say(f"{requests} requests to {name}")
            with nginx.gateway(rate=rate, burst=burst) as url:
                budget = RateLimiter(burst + 1, (burst + 1) / rate)
                kept.append(Sample(value=nginx.refused(url, budget, requests=requests)))
            with nginx.gateway(rate=rate, burst=burst) as url:
                bare.append(
                    Sample(value=nginx.refused(url, RateLimiter(1_000, 1), requests=requests))
                )
        metrics.append(
            Metric(metric=name, unit=_REFUSED, samples=tuple(kept), goal=0, summary=max)
        )
        controls.append(Metric(metric=name, unit=_CONTROL, samples=tuple(bare)))
    return [*metrics, *controls]
