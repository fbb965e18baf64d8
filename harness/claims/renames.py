"""Which columns are the same under another name; pure.

Three things speak for it: the type, the place among the columns that stayed, and the name. It
takes the same type with a like place or a like name, or both of these where the type was narrowed
or widened. Where several columns could be it by as much, none is said to be: all are named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from connectors.events import DeclaredColumn
from harness.claims.value_sets import value_set

_LIKE = 0.75
"""Of two names, from which on they are alike (Ratcliff and Obershelp)."""
_MOST_PAIRS = 10_000
"""So many pairs of an old and a new name are compared: a table that was replaced has no names."""

_LONGEST_NAME = 100
"""So much of a name is compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renames:
    """Old names of columns that are gone."""

    sure: Mapping[str, str]
    """The new name, where one alone comes into question."""
    perhaps: Mapping[str, tuple[str, ...]]
    """The new names that come into question, where none stands out."""


def renames(before: Sequence[DeclaredColumn], now: Sequence[DeclaredColumn]) -> Renames:
    """What of the columns that are gone came back under another name."""
    old = _placed(before, {column.name for column in now})
    new = _placed(now, {column.name for column in before})
    if not old or not new or len(old) * len(new) > _MOST_PAIRS:
        return Renames(sure={}, perhaps={})
    place_tells = _common(before, new=now) == _common(now, new=before)
    points = {
        (one.column.name, other.column.name): found
        for one in old
        for other in new
        if (found := _points(one, other, place_tells=place_tells))
    }
    return _choose(points)


def _choose(points: Mapping[tuple[str, str], int]) -> Renames:
    """The pairs of which neither side has a better one, and those with no equal among them."""
    most = Counter[tuple[int, str]]()
    for (one, other), found in points.items():
        most[0, one] = max(most[0, one], found)
        most[1, other] = max(most[1, other], found)
    best = [
        (one, other)
        for (one, other), found in points.items()
        if found == most[0, one] == most[1, other]
    ]
    of_old, of_new = (Counter(pair[side] for pair in best) for side in (0, 1))
    perhaps: dict[str, tuple[str, ...]] = {}
    sure = {}
    for one, other in best:
        if of_old[one] == of_new[other] == 1:
            sure[one] = other
        else:
            perhaps[one] = (*perhaps.get(one, ()), other)
    return Renames(sure=sure, perhaps=perhaps)


def _common(columns: Sequence[DeclaredColumn], *, new: Sequence[DeclaredColumn]) -> list[str]:
    kept = {column.name for column in new}
    return [column.name for column in columns if column.name in kept]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A column that only one side has."""

    column: DeclaredColumn
    after: str | None
    """The column before it that both sides have."""
    at: int
    """Its number behind that one."""
    of: int
    """How many stand there."""


def _placed(columns: Sequence[DeclaredColumn], kept: set[str]) -> list[_Placed]:
    runs: dict[str | None, list[DeclaredColumn]] = {}
    after: str | None = None
    for column in columns:
        if column.name in kept:
            after = column.name
        else:
            runs.setdefault(after, []).append(column)
    return [
        _Placed(column=column, after=after, at=at, of=len(run))
        for after, run in runs.items()
        for at, column in enumerate(run)
    ]


def _points(one: _Placed, other: _Placed, *, place_tells: bool) -> int:
    """How much speaks for it: 0 for nothing that counts."""
    place = place_tells and one.after == other.after and (one.of != other.of or one.at == other.at)
    name = are_alike(one.column.name, other.column.name)
    told, tells = one.column, other.column
    if (told.type, told.nullable, told.labels) == (tells.type, tells.nullable, tells.labels):
        return place + name
    return int(place and name and _are_kin(told.type, tells.type))


def _are_kin(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return False
    was, is_ = value_set(one), value_set(other)
    return was.holds(is_) or is_.holds(was)


def are_alike(one: str, other: str) -> bool:
    """`customer_name` is like `CustomerName`, `cust_name` and `name_of_customer`."""
    words, others = set(_words(one)), set(_words(other))
    if words & others and (words <= others or others <= words):
        return True
    first, second = "".join(_words(one)), "".join(_words(other))
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= _LIKE


def _words(name: str) -> Iterator[str]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name[:_LONGEST_NAME])
    return iter(re.findall(r"[^\W_]+", spaced.casefold()))
