"""docs/semantics.md says nothing that no trap holds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.contracts.traps.rooms import TRAPS
from tests.docs import REPOSITORY

PAGE = REPOSITORY / "docs" / "semantics.md"


def lines() -> Iterator[tuple[str, list[str]]]:
    """What each line is of, and the titles of its traps."""
    for line in PAGE.read_text().splitlines():
        if line.startswith("| ") and not line.startswith("| of |"):
            cells = re.split(r"(?<!\\)\|", line)
            titles = re.findall(r"`(.*?)`(?:, |$)", cells[3].strip().replace(r"\|", "|"))
            yield cells[1].strip(), titles


def test_each_line_is_held_by_traps_that_every_engine_takes() -> None:
    known = {trap.title for trap in TRAPS}
    held = dict(lines())
    assert len(held) >= 25
    assert [of for of, titles in held.items() if not titles] == []
    assert [title for titles in held.values() for title in titles if title not in known] == []
