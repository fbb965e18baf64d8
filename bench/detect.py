"""How often a night is called good that was bad, or bad that was good, on ten virtual calendars.

Each feed is run for 400 nights twice, with a seed of this run: as a good source, and with
deliveries that are missing, empty or repeated. What is right is worked out in `bench/feeds.py`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator

from bench.feeds import FEEDS, Feed
from bench.metric import Metric, Sample
from bench.virtual import NIGHTS, Seen, nights
from harness.verdict import Outcome

LIBRARIES = ("python-dateutil", "tzdata")
_QUICK = 60
ONE_OF = 9
"""Of so many deliveries one goes wrong."""


def floors() -> list[str]:
    """What the figures stand on."""
    return ["There is no floor: any wrong night is a defect."]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """Wrong nights of each feed. Prints the seed that shows them again."""
    n, seed = _QUICK if quick else NIGHTS, secrets.randbelow(10**9)
    say(f"{n} nights of each, seed {seed}")
    return [metric for feed in FEEDS for metric in _of(feed, seed, n, say)]


def _of(feed: Feed, seed: int, n: int, say: Callable[[str], None]) -> Iterator[Metric]:
    for kind, of in (("good", None), ("faulty", ONE_OF)):
        seen = list(nights(feed, seed, of=of, n=n))
        for one in seen:
            if one.is_wrong:
                say(f"{feed.name}, {kind}, seen on {one.night}: {told(one)}")
        yield _metric(f"{feed.name}, {kind}", f"wrong nights of {n}", [s.is_wrong for s in seen])
        if of is None:
            late = [one.fresh is Outcome.BROKEN for one in seen]
            yield _metric(feed.name, f"nights of {n} that fresh accuses, of a good source", late)


def told(seen: Seen) -> str:
    """What was missed, and what was accused."""
    missed, accused = sorted(seen.right - seen.found), sorted(seen.found - seen.right)
    return f"missed {[*map(str, missed)]}, accused {[*map(str, accused)]}, {seen.arrives}"


def _metric(name: str, unit: str, wrong: list[bool]) -> Metric:
    samples = tuple(Sample(value=float(one)) for one in wrong)
    return Metric(metric=name, unit=unit, samples=samples, goal=0, summary=sum)
