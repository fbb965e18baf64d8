"""Many draws at once are the draws of Python's own generator, one by one."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from estate.chance import draw_below, draw_places


@given(seed=st.text(), below=st.integers(1, 2**31), count=st.integers(0, 200))
def test_numbers_below_a_bound_are_those_that_randrange_draws(
    seed: str, below: int, count: int
) -> None:
    generator = random.Random(seed)
    drawn = [generator.randrange(below) for _ in range(count)]
    assert draw_below(seed, below, count).to_pylist() == drawn


@given(seed=st.text(), of=st.integers(1, 2**31), count=st.integers(0, 200))
def test_places_are_those_that_choices_draws(seed: str, of: int, count: int) -> None:
    assert draw_places(seed, of, count).to_pylist() == random.Random(seed).choices(
        range(of), k=count
    )
