"""A column is the same under another name where enough speaks for it, and never by a guess."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.events import DeclaredColumn
from harness.claims.renames import Renames, renames


def columns(*told: str) -> list[DeclaredColumn]:
    """`name` or `name: type`; text by default."""
    pairs = [(one.partition(":")[0], one.partition(":")[2] or "text") for one in told]
    return [DeclaredColumn(name=name, type=type_, nullable=True) for name, type_ in pairs]


def found(before: list[DeclaredColumn], now: list[DeclaredColumn]) -> Renames:
    return renames(before, now)


def test_the_same_type_in_the_same_place_is_the_same_column() -> None:
    assert found(columns("a", "clerk", "z"), columns("a", "officer", "z")).sure == {
        "clerk": "officer"
    }


def test_the_same_type_under_a_like_name_is_the_same_column_wherever_it_stands() -> None:
    moved = found(columns("clerk_name", "a", "z"), columns("a", "z", "clerkName"))
    assert moved.sure == {"clerk_name": "clerkName"}
    assert found(columns("a", "z"), columns("z", "b", "a")).sure == {}


def test_several_in_a_row_keep_their_order() -> None:
    assert found(columns("k", "a", "b"), columns("k", "c", "d")).sure == {"a": "c", "b": "d"}


def test_where_two_could_be_it_none_is_said_to_be() -> None:
    """Guard: without the count of equals, the first one would be taken."""
    unsure = found(columns("k", "a", "z"), columns("k", "b", "c", "z"))
    assert (unsure.sure, unsure.perhaps) == ({}, {"a": ("b", "c")})
    named = found(columns("k", "price", "z"), columns("k", "note", "unit_price", "z"))
    assert (named.sure, named.perhaps) == ({"price": "unit_price"}, {})


def test_names_that_say_other_than_places_are_no_proof() -> None:
    crossed = found(columns("k", "alpha", "omega"), columns("k", "omega_2", "alpha_2"))
    assert crossed.sure == {}
    assert crossed.perhaps == {
        "alpha": ("omega_2", "alpha_2"),
        "omega": ("omega_2", "alpha_2"),
    }


@pytest.mark.parametrize(
    ("old", "new", "is_same"),
    [
        ("price: numeric(12, 2)", "unit_price: numeric(9, 2)", True),
        ("price: numeric(12, 2)", "cost: numeric(9, 2)", False),
        ("price: numeric(12, 2)", "unit_price: date", False),
        ("price: numeric(12, 2)", "cost: date", False),
    ],
)
def test_another_type_needs_place_and_name(old: str, new: str, *, is_same: bool) -> None:
    old, new = old.replace(": ", ":"), new.replace(": ", ":")
    assert bool(found(columns("k", old, "z"), columns("k", new, "z")).sure) is is_same


def test_a_table_that_was_replaced_has_no_new_names() -> None:
    old, new = columns(*(f"a{n}" for n in range(200))), columns(*(f"b{n}" for n in range(200)))
    assert found(old, new) == Renames(sure={}, perhaps={})


NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=6)
TYPED = NAMES.flatmap(
    lambda names: st.tuples(
        *(
            st.builds(
                DeclaredColumn,
                name=st.just(name),
                type=st.sampled_from(["text", "integer", "bigint", None]),
                nullable=st.booleans(),
            )
            for name in names
        )
    )
)


@given(TYPED, TYPED)
def test_seen_from_the_other_side_the_names_change_back(
    before: tuple[DeclaredColumn, ...], now: tuple[DeclaredColumn, ...]
) -> None:
    there, back = renames(before, now), renames(now, before)
    assert {new: old for old, new in there.sure.items()} == back.sure
    gone = {c.name for c in before} - {c.name for c in now}
    assert {*there.sure, *there.perhaps} <= gone
    assert not {*there.sure} & {*there.perhaps}
