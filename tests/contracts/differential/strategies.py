"""Random contracts, and random rows in which values repeat, bounds are met and numbers end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from math import inf, isfinite, nan
from typing import Any

from hypothesis import strategies as st

from contracts.rules import rule_text
from tests.contracts.differential.model import TYPES, Check, Column, Model, Row
from tests.contracts.differential.oracle import PATTERNS
from tests.contracts.differential.owns import owns

VALUES: Mapping[str, Sequence[Any]] = {
    "int64": (-(2**63), -1, 0, 1, 2, 2**53, 2**53 + 1, 2**63 - 1),
    "uint8": (0, 1, 2, 254, 255),
    "uint64": (0, 1, 2**53 + 1, 2**63, 2**64 - 1),
    "decimal": tuple(map(Decimal, ("-0.01", "0.00", "0.10", "0.11", "9999999999.99"))),
    "float64": (0.0, -0.0, nan, inf, -inf, 0.1, 0.1 + 0.2, 0.3, 1e308, 5e-324),
    "text": ("", "a", "A", "a ", "b", "ab", "a\n", "\u00e9", "e\u0301", "\u0663", "1", "a\1", "ß"),
    "bool": (True, False),
    "date": (date(1, 1, 1), date(1500, 2, 28), date(2026, 2, 28), date(9999, 12, 31)),
    "utc": (
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, microsecond=1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
    ),
}
_MORE: Mapping[str, Sequence[Any]] = {
    "int64": (Decimal("0.5"), 2.0, 2**64, -(2**70)),
    "uint8": (-1, 256, Decimal("1.5")),
    "uint64": (-1, 2**64),
    "decimal": (0, Decimal("0.105"), Decimal("0.1"), 10**12),
}
"""Bounds that no value of the column is."""
_ARGUMENT = {
    "eq": "value",
    "ne": "value",
    "gt": "min_value",
    "ge": "min_value",
    "lt": "max_value",
    "le": "max_value",
}
NAMES = ("a", "b", "c")


def _bounds(kind: str) -> st.SearchStrategy[Any]:
    finite = [one for one in VALUES[kind] if not isinstance(one, float) or isfinite(one)]
    return st.sampled_from([*finite, *_MORE.get(kind, ())])


@st.composite
def _compared(draw: st.DrawFn, kind: str) -> Check:
    name = draw(st.sampled_from(["eq", "ne"] if kind == "bool" else [*_ARGUMENT]))
    return Check(name=name, arguments={_ARGUMENT[name]: draw(_bounds(kind))})


@st.composite
def _listed(draw: st.DrawFn, kind: str) -> Check:
    name, argument = draw(
        st.sampled_from([("isin", "allowed_values"), ("notin", "forbidden_values")])
    )
    return Check(name=name, arguments={argument: draw(st.lists(_bounds(kind), max_size=3))})


@st.composite
def _between(draw: st.DrawFn, kind: str) -> Check:
    ends = sorted({draw(_bounds(kind)), draw(_bounds(kind))})
    included = {"include_min": draw(st.booleans()), "include_max": draw(st.booleans())}
    if len(ends) == 1:  # Pandera refuses a range that is empty
        included = {"include_min": True, "include_max": True}
    return Check(
        name="in_range", arguments={"min_value": ends[0], "max_value": ends[-1], **included}
    )


_OF_TEXT = st.one_of(
    st.builds(
        lambda p: Check(name="str_matches", arguments={"pattern": p}), st.sampled_from([*PATTERNS])
    ),
    st.sampled_from(
        [
            Check(name="str_contains", arguments={"pattern": "b"}),
            Check(name="str_startswith", arguments={"string": "a"}),
            Check(name="str_endswith", arguments={"string": " "}),
            Check(name="str_length", arguments={"min_value": 1, "max_value": 1}),
        ]
    ),
)


def _checks(kind: str) -> st.SearchStrategy[Check]:
    either = [_compared(kind), _listed(kind)]
    if kind == "text":
        either.append(_OF_TEXT)
    elif kind != "bool":
        either.append(_between(kind))
    return st.builds(
        lambda check, ignore_na: replace(check, ignore_na=ignore_na),
        st.one_of(either),
        st.booleans(),
    )


@st.composite
def _columns(draw: st.DrawFn, name: str, kinds: Sequence[str]) -> Column:
    kind = draw(st.sampled_from(kinds))
    return Column(
        name=name,
        type=kind,
        nullable=draw(st.booleans()),
        unique=draw(st.booleans()),
        checks=tuple(draw(st.lists(_checks(kind), max_size=3, unique_by=_identity))),
    )


def _identity(check: Check) -> str:
    """Two rules of one text would be told apart by nobody."""
    return rule_text(check.pandera)


def _rows(columns: Sequence[Column]) -> st.SearchStrategy[Row]:
    values = {one.name: st.none() | st.sampled_from(VALUES[one.type]) for one in columns}
    rescued = st.dictionaries(st.sampled_from([*values]), st.text("ab", max_size=2), max_size=1)

    def built(row: dict[str, Any], other: dict[str, str]) -> Row:
        return {**row, **dict.fromkeys(other), "rescued": other}

    return st.builds(built, st.fixed_dictionaries(values), st.just({}) | rescued)


@st.composite
def models(draw: st.DrawFn, kinds: Sequence[str] = (*TYPES,)) -> Model:
    """A contract of up to three columns of these types, with up to nine rows."""
    columns = tuple(draw(_columns(name, kinds)) for name in NAMES[: draw(st.integers(1, 3))])
    names = [one.name for one in columns]
    key = draw(st.lists(st.sampled_from(names), min_size=1, unique=True))
    if len(key) == 1:  # the same rule twice is one rule
        columns = tuple(replace(one, unique=one.unique and one.name not in key) for one in columns)
    own = st.lists(st.sampled_from(owns(columns)), max_size=2, unique_by=lambda one: one.name)
    return Model(
        columns=columns,
        key=tuple(key),
        owns=tuple(draw(own)),
        rows=tuple(draw(st.lists(_rows(columns), max_size=9))),
        group_rows=draw(st.integers(1, 4)),
        absent=draw(st.just(frozenset()) | st.frozensets(st.sampled_from(names), max_size=1)),
        others=draw(st.sampled_from([(), (), (), ("_more",), ("_more", "_z")])),
        missing=tuple(draw(st.lists(st.sampled_from(names), unique=True))),
    )
