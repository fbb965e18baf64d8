"""Every difference between two schemas is told, by its kind; equal ones have none."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.events import Declared, DeclaredColumn, declare_names
from harness.claims.schema_diff import BY_PLACE, Change, Kind, changes

COLUMNS = st.lists(
    st.builds(
        DeclaredColumn,
        name=st.sampled_from("abcdefgh"),
        type=st.sampled_from(["integer", "bigint", "varchar(15)", "numeric(12, 2)", "text"]),
        nullable=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda column: column.name,
)
DECLARED = st.builds(
    Declared, by=st.just("catalogue"), columns=COLUMNS.map(tuple), key=st.just(())
)


def table(*columns: str | tuple[str, str], key: tuple[str, ...] = ()) -> Declared:
    pairs = [(one, "integer") if isinstance(one, str) else one for one in columns]
    return Declared(
        by="catalogue",
        columns=tuple(DeclaredColumn(name=n, type=t, nullable=False) for n, t in pairs),
        key=key,
    )


@given(DECLARED)
def test_nothing_changed_where_both_are_equal(declared: Declared) -> None:
    assert changes(declared, declared) == ()


@given(DECLARED, DECLARED)
def test_no_difference_goes_untold(before: Declared, now: Declared) -> None:
    """By order alone two schemas do not differ; by anything else they do."""
    same = set(before.columns) == set(now.columns)
    assert bool(changes(before, now)) is not same


@given(DECLARED, st.randoms())
def test_another_order_is_no_change(declared: Declared, random) -> None:  # type: ignore[no-untyped-def]
    columns = list(declared.columns)
    random.shuffle(columns)
    assert changes(declared, replace(declared, columns=tuple(columns))) == ()


OPPOSITES = {
    Kind.ADDED: Kind.REMOVED,
    Kind.NARROWED: Kind.WIDENED,
    Kind.MAY_BE_MISSING: Kind.NEVER_MISSING,
    Kind.LABELS_ADDED: Kind.LABELS_REMOVED,
}
OPPOSITE = {**OPPOSITES, **{back: there for there, back in OPPOSITES.items()}}


@given(DECLARED, DECLARED)
def test_seen_from_the_other_side_each_change_is_its_opposite(
    before: Declared, now: Declared
) -> None:
    """What was added is removed, what was narrowed is widened; a new name is one both ways."""
    there, back = changes(before, now), changes(now, before)
    assert Counter(OPPOSITE.get(one.kind, one.kind) for one in there) == Counter(
        one.kind for one in back
    )


@given(DECLARED, DECLARED)
def test_nothing_is_told_of_a_column_that_is_as_it_was(before: Declared, now: Declared) -> None:
    same = {column.name for column in before.columns if column in now.columns}
    assert not same & {change.column for change in changes(before, now)}


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        ("varchar(15)", "varchar(8)", Kind.NARROWED),
        ("varchar(8)", "varchar(15)", Kind.WIDENED),
        ("bigint", "integer", Kind.NARROWED),
        ("smallint", "bigint", Kind.WIDENED),
        ("int64", "int32", Kind.NARROWED),
        ("text", "varchar(40)", Kind.NARROWED),
        ("varchar", "text", Kind.RETYPED),  # as wide, and no longer the same
        ("numeric(12, 2)", "numeric(9, 2)", Kind.NARROWED),
        ("numeric(12, 2)", "numeric(12, 4)", Kind.RETYPED),  # fewer digits before the point
        ("numeric(12, 2)", "numeric(14, 4)", Kind.WIDENED),
        ("decimal(12, 2)", "decimal(10, 1)", Kind.NARROWED),
        ("decimal(12, 2)", "decimal(12, 4)", Kind.RETYPED),
        ("interval(12, 2)", "interval(12, 4)", Kind.WIDENED),  # no decimal: two sizes as they are
        ("numeric(12, 2)", "double precision", Kind.RETYPED),
        ("timestamp with time zone", "timestamp without time zone", Kind.RETYPED),
        ("char(10)", "varchar(10)", Kind.RETYPED),
        ("mood (glad, sad)", "mood (glad)", Kind.RETYPED),
    ],
)
def test_a_type_is_narrowed_widened_or_another(before: str, now: str, kind: Kind) -> None:
    (change,) = changes(table(("it", before)), table(("it", now)))
    assert change == Change(kind=kind, column="it", before=before, now=now)


def test_a_column_of_the_same_type_in_its_place_was_renamed() -> None:
    found = changes(table("a", "clerk", "z"), table("a", "officer", "z"))
    assert found == (Change(kind=Kind.RENAMED, column="clerk", now="officer"),)


def test_where_names_alone_are_told_a_new_name_that_is_unlike_is_said_to_be_a_guess() -> None:
    header = declare_names(["a", "clerk", "z"], by="header")
    (guess,) = changes(header, declare_names(["a", "officer", "z"], by="header"))
    (like,) = changes(header, declare_names(["a", "clerk_name", "z"], by="header"))
    assert [(one.kind, one.parts) for one in (guess, like)] == [
        (Kind.RENAMED, (BY_PLACE,)),
        (Kind.RENAMED, ()),
    ]


def test_a_column_of_another_type_in_its_place_was_removed_and_one_added() -> None:
    found = changes(table("a", "clerk"), table("a", ("officer", "text")))
    assert [(c.kind, c.column) for c in found] == [
        (Kind.REMOVED, "clerk"),
        (Kind.ADDED, "officer"),
    ]


def test_new_columns_are_told_in_the_sources_order() -> None:
    """The same words in every process: a set of names would come in another order each time."""
    new = [f"column_{n}" for n in (3, 1, 2, 5, 4)]
    assert [change.column for change in changes(table("a"), table("a", *new))] == new


def test_a_key_that_is_lost_is_told_and_one_whose_column_was_renamed_is_not_lost() -> None:
    lost = changes(table("a", "b", key=("a",)), table("a", "b"))
    assert lost == (Change(kind=Kind.KEY, column="the primary key", before="a", now="none"),)
    renamed = changes(table("a", "b", key=("a",)), table("c", "b", key=("c",)))
    assert [change.kind for change in renamed] == [Kind.RENAMED]


def test_whether_a_value_may_be_missing_is_told_both_ways() -> None:
    never, may = table("a"), table("a")
    may = replace(may, columns=(replace(may.columns[0], nullable=True),))
    assert [c.kind for c in changes(never, may)] == [Kind.MAY_BE_MISSING]
    assert [c.kind for c in changes(may, never)] == [Kind.NEVER_MISSING]


def test_what_a_header_does_not_tell_is_not_compared() -> None:
    assert changes(table("a", "b", key=("a",)), declare_names(("b", "a"), by="header")) == ()
    assert [c.kind for c in changes(table("a"), declare_names("ab", by="header"))] == [Kind.ADDED]


def test_every_change_is_told_in_full_gravest_first() -> None:
    """Whatever the order in which the columns come."""
    before = Declared(
        by="catalogue",
        columns=tuple(
            DeclaredColumn(name=name, type=kind, nullable=nullable)
            for name, kind, nullable in (
                ("wider", "smallint", False),
                ("sure", "text", True),
                ("open", "text", False),
                ("other", "text", False),
                ("smaller", "bigint", False),
                ("old", "text", False),
                ("gone", "text", False),
            )
        ),
        key=("old", "open"),
    )
    now = Declared(
        by="catalogue",
        columns=tuple(
            DeclaredColumn(name=name, type=kind, nullable=nullable)
            for name, kind, nullable in (
                ("wider", "integer", False),
                ("sure", "text", False),
                ("open", "text", True),
                ("other", "date", False),
                ("smaller", "integer", False),
                ("new", "text", False),
                ("more", "date", True),
            )
        ),
        key=("open", "new"),
    )
    assert changes(before, now) == (
        Change(kind=Kind.REMOVED, column="gone", before="text"),
        Change(kind=Kind.RENAMED, column="old", now="new"),
        Change(kind=Kind.NARROWED, column="smaller", before="bigint", now="integer"),
        Change(kind=Kind.RETYPED, column="other", before="text", now="date"),
        Change(kind=Kind.MAY_BE_MISSING, column="open"),
        Change(
            kind=Kind.KEY,
            column="the primary key",
            before="old, open",
            now="open, new",
            parts=("open", "old"),
        ),
        Change(kind=Kind.WIDENED, column="wider", before="smallint", now="integer"),
        Change(kind=Kind.NEVER_MISSING, column="sure"),
        Change(kind=Kind.ADDED, column="more", now="date"),
    )


def test_a_key_that_is_new_is_told_and_of_a_header_none() -> None:
    bare, keyed = table("a", "b"), table("a", "b", key=("a",))
    new = Change(kind=Kind.KEY, column="the primary key", before="none", now="a", parts=("a",))
    assert changes(bare, keyed) == (new,)
    header = replace(bare, by="header")
    assert changes(header, keyed) == changes(keyed, header) == changes(header, header) == ()


def test_a_column_that_moved_is_no_new_name_for_another() -> None:
    """In the place of what is gone stands a column that was there before, and the other way."""
    found = changes(table("a", "b"), table("b", "c"))
    assert {(c.kind, c.column) for c in found} == {(Kind.REMOVED, "a"), (Kind.ADDED, "c")}
    found = changes(table("b", "c"), table("a", "b"))
    assert {(c.kind, c.column) for c in found} == {(Kind.REMOVED, "c"), (Kind.ADDED, "a")}


def test_a_column_that_may_be_missing_now_is_no_new_name() -> None:
    other = replace(table("b"), columns=(DeclaredColumn(name="b", type="integer", nullable=True),))
    assert [c.kind for c in changes(table("a"), other)] == [Kind.REMOVED, Kind.ADDED]


@pytest.mark.parametrize(
    "less",
    [
        DeclaredColumn(name="a", type=None, nullable=False),
        DeclaredColumn(name="a", type="integer", nullable=None),
        DeclaredColumn(name="a", type=None, nullable=None),
    ],
)
def test_what_one_side_does_not_tell_is_no_change(less: DeclaredColumn) -> None:
    told = table("a")
    untold = replace(told, columns=(less,))
    assert changes(told, untold) == changes(untold, told) == ()
