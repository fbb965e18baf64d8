"""No mistake in a contract passes in silence: one line names it, or nothing is proven."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.verdict import Outcome
from tests.truth.orders.proving import PILOT, told
from tests.truth.typos import TYPOS, Typo


@pytest.mark.parametrize("typo", TYPOS, ids=lambda one: one.bad)
def test_a_mistake_is_told(tmp_path: Path, typo: Typo) -> None:
    outcome, said = told(tmp_path, typo.write(PILOT))
    assert outcome is typo.outcome, said
    assert typo.told in said
    assert "\n" not in said


def test_without_a_mistake_it_is_proven(tmp_path: Path) -> None:
    assert told(tmp_path, PILOT)[0] is Outcome.PROVEN


def test_no_mistake_stands_twice() -> None:
    assert len({(one.good, one.bad) for one in TYPOS}) == len(TYPOS)
