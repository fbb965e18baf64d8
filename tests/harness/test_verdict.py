"""What a script sees of a run: one number for all its outcomes, and absence never gives 0."""

from __future__ import annotations

import pytest

from harness.verdict import Outcome, exit_code

PROVEN, BROKEN, ERROR = Outcome.PROVEN, Outcome.BROKEN, Outcome.ERROR
GOOD = {PROVEN, Outcome.WAIVED}
LACKING = set(Outcome) - GOOD - {BROKEN, ERROR}


def test_nothing_proven_is_not_success() -> None:
    assert exit_code([]) == 3


@pytest.mark.parametrize("good", sorted(GOOD))
def test_what_is_good_gives_success(good: Outcome) -> None:
    assert exit_code([good]) == exit_code([good, PROVEN]) == 0


@pytest.mark.parametrize("lacking", sorted(LACKING))
def test_whatever_lacks_evidence_is_three_beside_any_good_one(lacking: Outcome) -> None:
    assert exit_code([lacking]) == exit_code([PROVEN, lacking, Outcome.WAIVED]) == 3


@pytest.mark.parametrize("beside", sorted(GOOD | LACKING))
def test_a_broken_claim_is_one_whatever_else_is_there(beside: Outcome) -> None:
    assert exit_code([BROKEN]) == exit_code([beside, BROKEN]) == exit_code([BROKEN, beside]) == 1


@pytest.mark.parametrize("beside", sorted(set(Outcome) - {ERROR}))
def test_an_error_is_four_whatever_else_is_there(beside: Outcome) -> None:
    assert exit_code([ERROR]) == exit_code([beside, ERROR]) == exit_code([ERROR, beside]) == 4
