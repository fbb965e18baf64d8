"""How often a night is called good that was bad, or bad that was good, on ten virtual calendars.

Each feed is run for 400 nights twice, with a seed of this run: as a good source, and with
deliveries that are missing, empty or repeated. What is right is worked out in `bench/feeds.py`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import date

from bench.feeds import FEEDS
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
    wrong, late, planted = list[Metric](), list[Metric](), list[Metric]()
    for feed in FEEDS:
        for kind, of in (("good", None), ("faulty", ONE_OF)):
            seen = list(nights(feed, seed, of=of, n=n))
            _show(f"{feed.name}, {kind}", seen, say)
            name, unit = f"{feed.name}, {kind}", f"wrong nights of {n}"
            wrong.append(_metric(name, unit, [one.is_wrong for one in seen]))
            if of is None:
                unit = f"nights of {n} that fresh accuses, of a good source"
                accused = [one.fresh is Outcome.BROKEN for one in seen]
                late.append(_metric(feed.name, unit, accused))
            else:
                bad = frozenset[date]().union(*(one.right for one in seen))
                planted.append(_metric(feed.name, "days that went wrong", [True] * len(bad), None))
    return [*wrong, *late, *planted]


def _show(feed: str, seen: Sequence[Seen], say: Callable[[str], None]) -> None:
    for one in seen:
        if one.is_wrong:
            say(f"{feed}, seen on {one.night}: {told(one)}")


def told(seen: Seen) -> str:
    """What was missed, and what was accused."""
    missed, accused = sorted(seen.right - seen.found), sorted(seen.found - seen.right)
    return f"missed {[*map(str, missed)]}, accused {[*map(str, accused)]}, {seen.arrives}"


def _metric(name: str, unit: str, counted: list[bool], goal: float | None = 0) -> Metric:
    samples = tuple(Sample(value=float(one)) for one in counted)
    return Metric(metric=name, unit=unit, samples=samples, goal=goal, summary=sum)
