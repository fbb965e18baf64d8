"""A bound that is exactly the promised share proves it."""

from __future__ import annotations

from dataclasses import replace

from contracts.promises import Thresholds
from harness.claims import arrives, fresh, reconciles
from harness.statistics.rates import lower_bound
from harness.verdict import Outcome
from tests.harness.claims.made import DAY, NIGHTLY, TO_CUSTOMERS, TODAY, drop, files, overlap

BOUND = lower_bound(40, 40, 0.95)
PROMISES = replace(
    NIGHTLY,
    reconciles=(TO_CUSTOMERS,),
    thresholds=Thresholds(arrivals=BOUND, on_time=BOUND, matched=BOUND),
)


def test_a_bound_that_is_exactly_what_is_promised_is_enough() -> None:
    facts = [drop(files(TODAY - DAY, 40)), overlap(40, 40)]
    for claim in (arrives, fresh, reconciles):
        assert claim.prove(PROMISES, facts).outcome is Outcome.PROVEN
