"""One decision, chosen by chance, is followed to the readings of the ledger; a break is named."""

from __future__ import annotations

from collections import Counter
from typing import Any

from harness.governance.decision_log import decisions
from harness.governance.known import Known
from harness.governance.lineage import graph
from harness.governance.trace import Trace, chosen, trace
from harness.governance.words import WIDTH, follow
from tests.harness.governance.made import lines, sample


def of(known: Known, record: dict[str, Any]) -> Trace:
    found, governance = graph(known), known.governance
    assert found is not None
    assert governance.decision_log is not None
    (decision,) = decisions(lines([record]), governance.decision_log, governance.lineage)
    return trace(known, found, decision, of=1)


def test_it_is_followed_from_end_to_end(known: Known) -> None:
    found = of(known, sample(known)[0])
    assert found.gaps == ()
    assert {one.dataset for one in found.data} == {"web-shop.orders", "outlet.orders"}
    assert known.run is not None
    assert all(one.read and one.read.run == known.run.header.run for one in found.data)
    said = list(follow(found))
    assert said[-1] == "followed from end to end"
    assert max(map(len, said)) <= WIDTH


def test_data_that_nobody_read_are_a_gap(known: Known) -> None:
    record = sample(known)[0]
    record["data"]["outlet.orders"] = "0" * 64
    (gap,) = of(known, record).gaps
    assert gap == "outlet.orders: the record has no reading of the data that the decision names"
    assert list(follow(of(known, record)))[-1] == "not followed to its end"


def test_another_contract_is_a_gap(known: Known) -> None:
    record = sample(known)[0]
    record["contracts"]["outlet.orders"] = "0" * 64
    (gap,) = of(known, record).gaps
    assert gap.startswith("outlet.orders: those data were held against another contract")


def test_a_decision_before_its_data_is_a_gap(known: Known) -> None:
    record = sample(known)[0] | {"decided_at": "2026-11-20T12:59:00+02:00"}
    assert "outlet.orders: those data were read after the decision" in of(known, record).gaps


def test_a_seed_chooses_one_decision_wherever_it_is_used() -> None:
    """By hand: SHA-256 of 0:1000 as a whole number, by its remainder after 1000."""
    assert [chosen(seed, 1_000) for seed in range(5)] == [599, 271, 33, 207, 818]


def test_every_decision_is_chosen_as_often_as_any_other() -> None:
    counted = Counter(chosen(seed, 10) for seed in range(10_000))
    assert counted.keys() == set(range(10))
    assert all(850 < n < 1_150 for n in counted.values())
