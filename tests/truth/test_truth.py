"""What is said of each situation is right, and there are enough of them of every kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.truth.rooms import SITUATIONS
from tests.truth.situation import KINDS, Ground, Situation


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    with Ground() as made:
        yield made


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: f"{one.kind}-{one.name}")
def test_what_is_said_of_it_is_right(situation: Situation, ground: Ground) -> None:
    verdict = situation.judge(ground)
    assert (verdict.claim, verdict.outcome) == (situation.claim, situation.right), verdict.because


def test_no_two_situations_have_one_name() -> None:
    assert not [name for name, n in Counter(one.name for one in SITUATIONS).items() if n > 1]


def test_every_kind_is_one_that_is_told() -> None:
    assert {one.kind for one in SITUATIONS} <= KINDS.keys()
