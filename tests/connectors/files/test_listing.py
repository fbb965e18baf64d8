"""Which file names are taken, and that nothing may move while it is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import SourceChanged
from connectors.files.listing import Kind, Listed, matching, split, unmoved, walk

listed = st.builds(
    Listed,
    name=st.text(),
    bytes=st.integers(0, 2**40),
    modified=st.integers(0, 2**32).map(float),
    kind=st.sampled_from(Kind),
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
    """Whether a folder lists it or a whole tree."""
    with pytest.raises(SourceChanged, match="is no plain file name: rename it there") as caught:
        matching(walk(lambda _: [file(name)], "", "*.csv"), "*.csv")
    assert str(caught.value).isprintable()
    assert str(caught.value).isascii()


@given(st.lists(listed))
def test_a_name_that_is_taken_is_a_plain_one(files: list[Listed]) -> None:
    try:
        taken = matching(walk(lambda _: files, "", "*"), "*")
    except SourceChanged:
        return
    assert [f.name for f in taken] == sorted(f.name for f in files)
    assert all(f.kind is Kind.FILE and f.name.isprintable() and "/" not in f.name for f in taken)


@pytest.mark.parametrize(
    "name", ["../a.csv", "./a.csv", "/a.csv", "a\n/b.csv", "b\\/a.csv", "x" * 256 + "/a.csv"]
)
def test_a_hostile_part_of_a_path_is_refused_as_well(name: str) -> None:
    with pytest.raises(SourceChanged, match="is no plain file name: rename it there"):
        matching([file(name)], "*/*.csv")


def test_each_part_of_a_path_matches_its_part_of_the_pattern() -> None:
    names = ["a.csv", "b/a.csv", "b/c/a.csv", "b/a.csv/c", "d/a.csv", "B/a.csv", "b/a.txt"]
    taken = matching(map(file, names), "[bd]/*.csv")
    assert [f.name for f in taken] == ["b/a.csv", "d/a.csv"]


@pytest.mark.parametrize(
    ("glob", "folder", "pattern"),
    [
        ("*.csv", "", "*.csv"),
        ("a/b/c.csv", "a/b", "c.csv"),
        ("a/day=*/b/*.csv", "a", "day=*/b/*.csv"),
        ("/in/*.csv", "/in", "*.csv"),
        ("/*.csv", "/", "*.csv"),
    ],
)
def test_a_glob_is_a_folder_and_a_pattern_below_it(glob: str, folder: str, pattern: str) -> None:
    assert split(glob) == (folder, pattern)


@pytest.mark.parametrize("glob", ["", "a/", "a//*.csv", "../*.csv", "a/../*.csv", "./a.csv"])
def test_a_glob_that_climbs_or_names_no_file_is_refused_at_once(glob: str) -> None:
    with pytest.raises(ValueError, match=r"^write folder/name_\*\.csv, not"):
        split(glob)


TREE = {
    "in": [
        Listed(name="a", bytes=0, modified=0, kind=Kind.FOLDER),
        Listed(name="b", bytes=0, modified=0, kind=Kind.FOLDER),
        file("a.csv"),
    ],
    "in/a": [file("1.csv"), file("1.txt")],
    "in/b": [file("2.csv")],
}


def test_a_walk_enters_the_folders_that_match_and_tells_what_lies_beside() -> None:
    entered: list[str] = []

    def scan(folder: str) -> list[Listed]:
        entered.append(folder)
        return TREE[folder]

    assert [f.name for f in walk(scan, "in", "[a]/*.csv")] == ["a/1.csv", "a/1.txt", "b", "a.csv"]
    assert entered == ["in", "in/a"]


def test_a_walk_follows_no_link_and_says_so() -> None:
    link = Listed(name="a", bytes=0, modified=0, kind=Kind.OTHER)
    with pytest.raises(SourceChanged, match="a is no regular folder: put the folder itself there"):
        list(walk(lambda _: [link], "in", "*/*.csv"))


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
