"""What is shipped, and under which licence, is as LICENCES.md says, and each one is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs import REPOSITORY
from tests.licences import allowed, inside, installed, licence, page

OURS = (".py", ".json", ".yaml", ".j2", ".typ", ".css", ".txt", ".md", ".typed", "")
"""What our wheel may hold; `gitignore` has no suffix."""


def test_the_page_says_what_the_distributions_say() -> None:
    """`python -m tests.licences > LICENCES.md` writes it."""
    assert (REPOSITORY / "LICENCES.md").read_text() == page()


def test_every_licence_is_one_of_the_list() -> None:
    found = [(name, one) for name, one in installed() if one]
    assert len(found) > 90
    assert not [(name, licence(one)) for name, one in found if not allowed(licence(one))]
    within = [(name, said) for name, one in found for said in inside(one)[1]]
    assert len(within) > 50
    assert not [(name, said) for name, said in within if not allowed(said)]


@pytest.mark.parametrize("said", ["GPL-3.0-only", "MIT AND AGPL-3.0-only", "", "Proprietary"])
def test_another_one_would_be_named(said: str) -> None:
    assert not allowed(said)
    assert allowed("EPL-2.0 OR GPL-2.0-or-later")
    assert allowed("(MIT OR GPL-3.0-only) AND Unicode-3.0")


def test_we_ship_no_font_no_icon_and_no_script() -> None:
    folders = ("seatrial", "connectors", "contracts", "harness")
    files = [path for folder in folders for path in (REPOSITORY / folder).rglob("*")]
    suffixes = {path.suffix for path in files if path.is_file() and kept(path)}
    assert suffixes <= set(OURS)


def kept(path: Path) -> bool:
    return "__pycache__" not in path.parts
