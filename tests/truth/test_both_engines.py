"""A run says the same with either engine: of good data, and of every sixth change to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from contracts.engines import one_pass, reference
from contracts.evaluation import Evaluation
from harness.run import work
from harness.verdict import Verdict
from tests.truth.mutations import MUTATIONS, Mutation
from tests.truth.orders import data
from tests.truth.orders.proving import Orders

GOOD = Mutation(name="good", ending="csv", change=lambda text: text, right=MUTATIONS[0].right)


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Orders:
    """Its columns are approved."""
    orders = Orders(Path(tmp_path_factory.mktemp("orders")))
    orders.deliver()
    orders.prove()
    orders.approve()
    return orders


@pytest.mark.parametrize("mutation", [GOOD, *MUTATIONS[::6]], ids=lambda one: one.name)
def test_both_engines_lead_to_the_same_verdicts(
    orders: Orders, monkeypatch: pytest.MonkeyPatch, mutation: Mutation
) -> None:
    good = {"csv": data.csv(), "jsonl": data.jsonl()}[mutation.ending]
    orders.deliver(**{mutation.ending: mutation.change(good)})
    assert proven_by(one_pass.evaluate, orders, monkeypatch) == proven_by(
        reference.evaluate, orders, monkeypatch
    )


def proven_by(
    evaluate: Callable[..., Evaluation], orders: Orders, monkeypatch: pytest.MonkeyPatch
) -> Mapping[tuple[str, str], Verdict]:
    judged: list[str] = []

    def evaluated(*given: object, **named: object) -> Evaluation:
        found = evaluate(*given, **named)
        judged.append(found.dataset)
        return found

    monkeypatch.setattr(work, "evaluate", evaluated)
    verdicts = orders.prove()
    assert judged
    return verdicts
