"""What a dataset promises of another is checked before anything is read, and planned."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.pilot import loading
from harness.pilot.plan import plan
from tests.harness.run.reconciling import overlapping


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'TO_PARTS = Reconciliation(dataset="vendor.parts"',
            'TO_PARTS = Reconciliation(dataset="vendor.part"',
            "vendor.prices reconciles: unknown dataset 'vendor.part': did you mean vendor.parts?",
        ),
        (
            'theirs="part_key"',
            'theirs="key"',
            "vendor.prices with vendor.parts: reconciles names key, which is not a column",
        ),
        (
            'theirs="part_key"',
            'theirs="retail_price"',
            "vendor.prices with vendor.parts: reconciles names retail_price, which is no key",
        ),
        (
            'theirs="account_balance"',
            'theirs="phone"',
            "crm.customers with crm.customers: reconciles names phone, which is no integer",
        ),
    ],
)
def test_a_promise_of_what_the_other_side_cannot_hold_is_a_mistake_in_the_pilot(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    folder = overlapping(tmp_path, old=old, new=new)
    with pytest.raises(ConfigurationError) as error:
        loading.load(folder)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_promise_of_what_the_own_side_cannot_hold_is_a_broken_contract(tmp_path: Path) -> None:
    loaded = loading.load(overlapping(tmp_path, old='ours="name"', new='ours="nane"'))
    assert loaded.problems.keys() == {("crm", "customers")}
    complaint = loaded.problems["crm", "customers"]
    assert "reconciles names nane, which is not a column" in complaint


def test_reconciles_is_owed_by_those_that_promise_it_and_asked_of_no_other(tmp_path: Path) -> None:
    of = loading.load(overlapping(tmp_path)).pilot
    owed = [p.dataset for p in plan(of) if p.claim == "reconciles"]
    assert owed == ["customers", "shipments", "prices"]
    with pytest.raises(ConfigurationError, match="add reconciles to its promises"):
        plan(of, datasets=["parts"], claims=["reconciles"])
