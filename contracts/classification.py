"""How sensitive the values of a column are, as the owner of the contract says.

A column of which nothing is said is `restricted`. The class decides what evidence may show of a
value (`contracts/masking.py`); no verdict depends on it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Literal, TypeAlias, get_args

Class: TypeAlias = Literal["public", "internal", "confidential", "restricted"]
"""From the least careful to the most careful. Personal data and secrets are `restricted`."""

CLASSES: tuple[Class, ...] = get_args(Class)


def class_of(classified: Mapping[str, Class], column: str) -> Class:
    """The class of a column; the most careful one if nobody says."""
    return classified.get(column, "restricted")


def classification_problems(
    classified: Mapping[str, Class], columns: Collection[str]
) -> Iterator[str]:
    """Names that are no column and words that are no class, with how to write them."""
    for name, given in classified.items():
        if name not in columns:
            yield f"classified names {name}, which is not a column: correct the name"
        if given not in CLASSES:
            *some, last = CLASSES
            yield f"classified says {given!r} of {name}: write {', '.join(some)} or {last}"
