"""The security pages name their evidence: each test that they name exists, and no row is without a
word on how it is held. `docs/asvs.md` leaves no requirement of level 2 out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs import REPOSITORY

DOCS = REPOSITORY / "docs"
PAGES = ("asvs.md", "questionnaire.md", "security.md", "threat-model.md")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ROW = re.compile(r"^\| (.+) \|$", re.MULTILINE)
UNHELD = ("does not apply: ", "not held: ", "yours: ")
"""How the last cell of a row begins that names no test."""
LEVEL_2 = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2 2.1:3 2.2:3 2.3:4 2.4:1 3.2:2 3.3:4 3.4:6 3.5:5 3.7:2
4.1:3 4.2:1 4.3:2 4.4:4 5.1:1 5.2:3 5.3:2 5.4:3 6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3
6.8:4 7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2 8.1:2 8.2:3 8.3:1 8.4:1 9.1:3 9.2:4 10.1:2
10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3 11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1
12.1:3 12.2:2 12.3:4 13.1:1 13.2:5 13.3:2 13.4:5 14.1:2 14.2:4 14.3:3 15.1:3 15.2:3
15.3:7 16.1:1 16.2:5 16.3:4 16.4:3 16.5:3 17.1:1 17.2:4 17.3:2
"""
"""ASVS 5.0.0: how many requirements of level 1 and 2 each section has. They are its first ones."""


def rows(page: Path) -> Iterator[list[str]]:
    """The cells of each row of the page's tables, without their heads."""
    for line in ROW.findall(page.read_text()):
        cells = line.split(" | ")
        if not set(line) <= set("-| ") and cells[0] not in ("id", "who"):
            yield cells


def gone(text: str) -> list[str]:
    """The named tests that do not exist."""
    return [
        f"{file}::{name}"
        for file, name in NAMED.findall(text)
        if not (REPOSITORY / file).is_file()
        or not re.search(rf"^ *def {name}\(", (REPOSITORY / file).read_text(), re.MULTILINE)
    ]


@pytest.mark.parametrize("page", PAGES)
def test_each_test_that_a_page_names_exists(page: str) -> None:
    assert gone((DOCS / page).read_text()) == []


def test_a_name_that_is_gone_is_told() -> None:
    here = "tests/test_named_tests.py::test_a_name_that_is_gone_is_told"
    text = f"`tests/test_named_tests.py::test_gone` `tests/no.py::test_x` `{here}`"
    assert gone(text) == ["tests/test_named_tests.py::test_gone", "tests/no.py::test_x"]


@pytest.mark.parametrize("page", ["asvs.md", "threat-model.md"])
def test_each_row_names_a_test_or_says_why_there_is_none(page: str) -> None:
    found = list(rows(DOCS / page))
    assert len(found) > 20
    assert [
        row for row in found if not NAMED.search(row[-1]) and not row[-1].startswith(UNHELD)
    ] == []


def test_each_requirement_of_level_2_has_one_row() -> None:
    """A row is of one requirement, of a section or of a chapter: `1.2.4`, `6.2`, `17`."""
    sections = (word.split(":") for word in LEVEL_2.split())
    wanted = [f"{section}.{n + 1}" for section, most in sections for n in range(int(most))]
    assert len(wanted) == 253
    told = [id_ for cells in rows(DOCS / "asvs.md") for id_ in cells[0].split(", ")]
    covering = {one: [id_ for id_ in told if f"{one}.".startswith(f"{id_}.")] for one in wanted}
    assert {one: by for one, by in covering.items() if len(by) != 1} == {}
    assert not [id_ for id_ in told if not any(f"{w}.".startswith(f"{id_}.") for w in wanted)]
