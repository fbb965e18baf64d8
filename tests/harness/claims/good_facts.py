"""For each claim on rows, promises and facts that prove it: what a guard is needed against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from hypothesis import strategies as st

from connectors.events import Witness, WitnessKind
from contracts.promises import Promises, Quota, SourcePromises, Thresholds
from harness.facts import Fact, Reading
from tests.harness.claims.made import (
    DAY,
    NIGHTLY,
    TO_CUSTOMERS,
    TODAY,
    column,
    drop,
    evaluation,
    files,
    night,
    numbers,
    overlap,
    pinned,
    profile,
    reading,
    rule,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a claim is judged by."""

    promises: Promises | SourcePromises
    facts: tuple[Fact, ...]

    @property
    def latest(self) -> tuple[int, ...]:
        """Where the readings of the run itself are among the facts."""
        slots = {at: fact.slot for at, fact in enumerate(self.facts) if isinstance(fact, Reading)}
        return tuple(at for at, slot in slots.items() if slot == max(slots.values()))


Cases: TypeAlias = st.SearchStrategy[Case]
PRICE = column(numbers=numbers(240, 510, 510, 240))


def _case(*facts: Fact, promises: Promises | SourcePromises = NIGHTLY) -> Case:
    return Case(promises=promises, facts=facts)


def _evaluated(rows: int) -> Case:
    rules = (rule(checked=rows), rule("unique", "order_key", checked=rows))
    return _case(_whole(rows), evaluation(*rules, rows=rows))


def _whole(rows: int) -> Reading:
    witness = Witness(kind=WitnessKind.SNAPSHOT_COUNT, declared=rows, unit="rows", detail="")
    return reading(rows=rows, witness=witness)


def _nights(*, of_files: bool, n: int) -> Case:
    """Few are enough for half of them."""
    enough = replace(NIGHTLY, thresholds=Thresholds(arrivals=0.5, on_time=0.5))
    if of_files:
        return _case(drop(files(TODAY - DAY, n), rows=1_500), promises=enough)
    return _case(*(night(TODAY - i * DAY) for i in range(n)), promises=enough)


def _reconciled(keys: int) -> Case:
    sides = (reading(source="crm", dataset="customers"), reading(source="erp", dataset="orders"))
    promises = replace(NIGHTLY, reconciles=(TO_CUSTOMERS,))
    return _case(*sides, overlap(keys, keys), promises=promises)


def _within(attempts: list[int]) -> Case:
    quota = Quota(requests=10 * sum(attempts), seconds=24 * 3600)
    asked = [reading(dataset=f"d{n}", attempts=many) for n, many in enumerate(attempts)]
    return _case(*asked, promises=SourcePromises(quota=quota))


def _of(make: Callable[[int], Case], least: int) -> Cases:
    return st.integers(least, 10**6).map(make)


NIGHTS: Cases = st.builds(_nights, of_files=st.booleans(), n=st.integers(6, 9))
GOOD: Mapping[str, Cases] = {
    "complete": _of(_evaluated, 1),
    "conforms": _of(_evaluated, 1),
    "fresh": NIGHTS,
    "arrives": NIGHTS,
    "stable_values": st.just(_case(reading(), pinned(PRICE), profile(PRICE))),
    "reconciles": _of(_reconciled, 299),
    "within_budget": st.lists(st.integers(1, 500), min_size=1, max_size=4).map(_within),
}
