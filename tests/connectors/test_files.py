"""Which file names are taken, and that nothing may move while it is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import SourceChanged
from connectors.files.listing import Listed, matching, matching_paths, unmoved

listed = st.builds(
    Listed,
    name=st.text(),
    bytes=st.integers(0, 2**40),
    modified=st.integers(0, 2**32).map(float),
    regular=st.booleans(),
)


def file(name: str) -> Listed:
    return Listed(name=name, bytes=1, modified=0)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.csv",
        "/etc/passwd.csv",
        "..\\up.csv",
        "a\x00b.csv",
        "a\nb.csv",
        "a\x1b[2Jb.csv",
        "a\u2028b.csv",
        "a\u202eb.csv",
        "\ud800.csv",
        "x" * 252 + ".csv",
    ],
)
def test_a_hostile_name_is_refused_in_one_plain_line(name: str) -> None:
    with pytest.raises(SourceChanged, match="is no plain file name: rename it there") as caught:
        matching([file(name)], "*.csv")
    assert str(caught.value).isprintable()
    assert str(caught.value).isascii()


@given(st.lists(listed))
def test_a_name_that_is_taken_is_a_plain_one(files: list[Listed]) -> None:
    try:
        taken = matching(files, "*")
    except SourceChanged:
        return
    assert [f.name for f in taken] == sorted(f.name for f in files)
    assert all(f.regular and f.name.isprintable() and "/" not in f.name for f in taken)


@pytest.mark.parametrize(
    "name", ["../a.csv", "./a.csv", "/a.csv", "a\n/b.csv", "b\\/a.csv", "x" * 256 + "/a.csv"]
)
def test_a_hostile_part_of_a_path_is_refused_as_well(name: str) -> None:
    with pytest.raises(SourceChanged, match="is no plain file name: rename it there"):
        matching_paths([file(name)], "*/*.csv")


def test_each_part_of_a_path_matches_its_part_of_the_pattern() -> None:
    names = ["a.csv", "b/a.csv", "b/c/a.csv", "b/a.csv/c", "d/a.csv", "B/a.csv", "b/a.txt"]
    taken = matching_paths(map(file, names), "[bd]/*.csv")
    assert [f.name for f in taken] == ["b/a.csv", "d/a.csv"]


def test_the_case_of_a_name_counts() -> None:
    assert [f.name for f in matching([file("A.csv"), file("a.csv")], "a.*")] == ["a.csv"]


@given(st.frozensets(listed), st.frozensets(listed))
def test_only_equal_listings_are_a_witness(
    before: frozenset[Listed], after: frozenset[Listed]
) -> None:
    if before == after:
        assert unmoved(tuple(before), tuple(before)).declared == sum(f.bytes for f in before)
    else:
        with pytest.raises(SourceChanged, match="changed while it was read: read again"):
            unmoved(tuple(before), tuple(after))
