"""Each kind of change in its own words, and a name from a source shown safely."""

from __future__ import annotations

import pytest

from harness.claims.schema_diff import Change, Kind
from harness.claims.schema_words import describe


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change(kind=Kind.RENAMED, column="a", now="b"), "a was renamed to b"),
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
        (Change(kind=Kind.MAY_BE_MISSING, column="a"), "a may be missing now"),
        (Change(kind=Kind.NEVER_MISSING, column="a"), "a may not be missing any more"),
    ],
)
def test_a_change_is_told_in_full(change: Change, words: str) -> None:
    assert describe(change) == words
