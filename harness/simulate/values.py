"""A night's values, drawn from the pinned reference; drifted, if asked, in one column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import numpy as np

from contracts.evaluation import ColumnProfile, Profile

MOVED = 0.3
"""Of a column's values, into its rarest part: three times what matters (`drifts.FLOOR`)."""


def draw(reference: Profile, chance: Random) -> Profile:
    """As many rows as the reference has, of its distribution."""
    columns = tuple(_drawn(column, chance) for column in reference.columns)
    return replace(reference, columns=columns)


def drift(reference: Profile, chance: Random) -> Profile:
    """The reference with the values of one column moved, to be drawn from."""
    can = [n for n, one in enumerate(reference.columns) if one.numbers or one.categories]
    if not can:
        return reference
    n = chance.choice(can)
    columns = [*reference.columns]
    columns[n] = _moved(columns[n])
    return replace(reference, columns=tuple(columns))


def _drawn(column: ColumnProfile, chance: Random) -> ColumnProfile:
    if column.numbers is not None:
        numbers = replace(column.numbers, counts=_sample(column.numbers.counts, chance))
        return replace(column, numbers=numbers)
    if column.categories is not None:
        categories = replace(column.categories, counts=_sample(column.categories.counts, chance))
        return replace(column, categories=categories)
    return column


def _sample(counts: Sequence[int], chance: Random) -> tuple[int, ...]:
    """As many values as there were, each drawn anew."""
    rows = sum(counts)
    if rows == 0:
        return tuple(counts)
    draw = np.random.default_rng(chance.getrandbits(64))
    return tuple(map(int, draw.multinomial(rows, np.array(counts) / rows)))


def _moved(column: ColumnProfile) -> ColumnProfile:
    if column.numbers is not None:
        ends = 0, len(column.numbers.counts) - 1
        numbers = replace(column.numbers, counts=_into_rarest(column.numbers.counts, ends))
        return replace(column, numbers=numbers)
    if column.categories is not None:
        counts = column.categories.counts
        moved = _into_rarest(counts, range(len(counts)))
        return replace(column, categories=replace(column.categories, counts=moved))
    return column


def _into_rarest(counts: Sequence[int], among: Sequence[int]) -> tuple[int, ...]:
    rarest = min(among, key=counts.__getitem__)
    taken = [int(MOVED * count) for count in counts]
    found = [count - less for count, less in zip(counts, taken, strict=True)]
    found[rarest] += sum(taken)
    return tuple(found)
