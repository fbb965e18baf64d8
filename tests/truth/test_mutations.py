"""No change to good data stays unseen."""

from __future__ import annotations

from collections import Counter

import pytest

from harness.verdict import Outcome
from tests.truth.mutations import MUTATIONS, Mutation
from tests.truth.orders.proving import Orders, approved

PROVEN = {
    ("drop", "conforms"),
    ("drop", "complete"),
    ("drop", "stable_schema"),
    ("feed", "conforms"),
    ("feed", "stable_schema"),
}


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Orders:
    return approved(tmp_path_factory.mktemp("orders"))


def test_the_good_data_are_proven(orders: Orders) -> None:
    orders.deliver()
    verdicts = orders.prove().items()
    assert {name for name, one in verdicts if one.outcome is Outcome.PROVEN} == PROVEN


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda one: one.name)
def test_a_change_is_no_longer_proven(orders: Orders, mutation: Mutation) -> None:
    mutation.deliver(orders)
    verdict = orders.prove()[mutation.source, mutation.claim]
    assert verdict.outcome is mutation.right, verdict.because


def test_each_change_is_of_a_claim_that_was_proven() -> None:
    assert {(one.source, one.claim) for one in MUTATIONS} <= PROVEN
    assert Outcome.PROVEN not in {one.right for one in MUTATIONS}
    assert not [name for name, n in Counter(one.name for one in MUTATIONS).items() if n > 1]
