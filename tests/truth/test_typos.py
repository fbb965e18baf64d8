"""No mistake in a contract passes in silence: one line names it, or nothing is proven."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.verdict import Outcome
from tests.truth.orders.proving import PILOT, Orders
from tests.truth.typos import TYPOS, Typo


@pytest.mark.parametrize("typo", TYPOS, ids=lambda one: one.bad)
def test_a_mistake_is_told(tmp_path: Path, typo: Typo) -> None:
    orders = Orders(tmp_path, pilot=typo.write(PILOT))
    orders.deliver()
    try:
        verdict = orders.prove()["drop", "conforms"]
    except ConfigurationError as refusal:
        outcome, told = None, str(refusal)
    else:
        refused = verdict.because.endswith("; nothing was read")
        outcome, told = (None if refused else verdict.outcome), verdict.because
        assert verdict.outcome is not Outcome.PROVEN
    assert outcome is typo.outcome, told
    assert typo.told in told
    assert "\n" not in told


def test_no_mistake_stands_twice() -> None:
    assert len({(one.good, one.bad) for one in TYPOS}) == len(TYPOS)
