"""Every file, folder and module that the documentation names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs import REPOSITORY

OURS = ("seatrial", "connectors", "contracts", "harness", "estate", "bench", "tests", "docs")
PAGES = sorted(
    [
        *(REPOSITORY / name for name in ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md")),
        *(REPOSITORY / "docs").glob("*.md"),
    ]
)
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
PATH = re.compile(rf"`((?:{'|'.join(OURS)})/[\w./*-]*)`")
MODULE = re.compile(rf"`((?:{'|'.join(OURS)})(?:\.\w+)+)`")
USERS = {"contracts/", "tests/"}
"""Folders that a user may have as well: a page may mean theirs."""
NEW = re.compile(r"^```\w+\n(?:# |--- )(\S+)$", re.MULTILINE)
"""The first line of a snippet names the file that it adds or changes."""


def missing(text: str) -> list[str]:
    """The paths and modules in a page's prose that do not exist."""
    prose = FENCE.sub("", text)
    added = set(NEW.findall(text))
    paths = [path for path in PATH.findall(prose) if path not in USERS | added]
    return [path for path in paths if not [*REPOSITORY.glob(path.rstrip("/"))]] + [
        name for name in MODULE.findall(prose) if not exists(name)
    ]


def exists(name: str) -> bool:
    """Whether a dotted name is a module, or a name in one."""
    path = REPOSITORY.joinpath(*name.split("."))
    if path.is_dir() or path.with_suffix(".py").is_file():
        return True
    home = path.parent / "__init__.py" if path.parent.is_dir() else path.parent.with_suffix(".py")
    return home.is_file() and re.search(rf"\b{path.name}\b", home.read_text()) is not None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_names_is_there(page: Path) -> None:
    assert missing(page.read_text()) == []


def test_a_path_that_is_gone_is_named() -> None:
    text = "`harness/run.py` `harness/run/` `harness.pilots.load` `harness.pilot.model.Pilot`"
    assert missing(text) == ["harness/run.py", "harness.pilots.load"]
