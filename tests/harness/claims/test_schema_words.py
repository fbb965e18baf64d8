"""Each kind of change in its own words, and a name from a source shown safely."""

from __future__ import annotations

import pytest

from harness.claims.schema_diff import BY_PLACE, Change, Kind
from harness.claims.schema_words import count_changes, describe, effect


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change(kind=Kind.RENAMED, column="a", now="b"), "a was renamed to b"),
        (
            Change(kind=Kind.RENAMED, column="a", now="b", parts=(BY_PLACE,)),
            "a was renamed to b, by its place alone",
        ),
        (Change(kind=Kind.REMOVED, column="a", before="int"), "a (int) was removed"),
        (Change(kind=Kind.REMOVED, column="a"), "a was removed"),
        (Change(kind=Kind.ADDED, column="a", now="int"), "a (int) was added"),
        (Change(kind=Kind.ADDED, column="a"), "a was added"),
        (
            Change(kind=Kind.NARROWED, column="a", before="numeric(12, 2)", now="numeric(9, 2)"),
            "a was narrowed from numeric(12, 2) to numeric(9, 2)",
        ),
        (
            Change(kind=Kind.KEY, column="the primary key", before="a, b", now="a"),
            "the primary key changed from a, b to a",
        ),
        (
            Change(kind=Kind.REMOVED, column="a", before="int", parts=("b", "c")),
            "a (int) was removed, or renamed: b and c may be it",
        ),
        (Change(kind=Kind.LABELS_ADDED, column="a", parts=("x",)), "a gained the label x"),
        (
            Change(kind=Kind.LABELS_REMOVED, column="a", parts=("v", "w", "x", "y", "z")),
            "a lost the labels v, w, x, y and 1 more",
        ),
        (Change(kind=Kind.LABELS_REORDERED, column="a"), "a has its labels in another order"),
        (Change(kind=Kind.MAY_BE_MISSING, column="a"), "a may be missing now"),
        (Change(kind=Kind.NEVER_MISSING, column="a"), "a may not be missing any more"),
    ],
)
def test_a_change_is_told_in_full(change: Change, words: str) -> None:
    assert describe(change) == words


GONE, NEW = Change(kind=Kind.REMOVED, column="a"), Change(kind=Kind.ADDED, column="b")


def test_breaking_changes_are_counted() -> None:
    assert count_changes(2, 1) == "2 changes (1 of them breaking)"
    assert count_changes(2, 0) == "2 changes (none of them breaking)"
    assert count_changes(1, 1) == count_changes(1, None) == "1 change"
    assert count_changes(2, None) == "2 changes"


def test_what_a_change_means_is_said_where_it_is_known() -> None:
    assert [effect(one, [NEW]) for one in (NEW, GONE)] == [" (breaking)", " (compatible)"]
    assert effect(None, []) == " (breaking)", "nobody kept what changed"
    assert effect(NEW, None) == ""


def test_a_label_from_a_source_cannot_forge_a_line() -> None:
    evil = Change(kind=Kind.LABELS_ADDED, column="a", parts=("x\n\x1b[2J PROVEN",))
    assert describe(evil).isprintable()
