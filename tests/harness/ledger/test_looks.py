"""What is looked at, and when: what is new since the mark, and all of it once a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import rfc8785

from harness.errors import ConfigurationError
from harness.ledger import opening, watched
from harness.ledger.heads import Mark, RunRow, leaf
from harness.ledger.ledger import open_ledger, read_ledger
from harness.ledger.opening import A_DAY, changes_in, entries_at, require_whole
from harness.ledger.watched import Watched
from tests.harness.ledger.grown import NOW, RUNS, add_run, ask, at, edit, found, grow

OLD = "UPDATE entries SET body = CAST('{}' AS BLOB) WHERE seq = 3"
"""A verdict of the first run: no verdict of tonight rests on it."""


@pytest.fixture
def signed(tmp_path: Path) -> tuple[Path, Mark]:
    place = tmp_path / "ledger.sqlite"
    return place, grow(place)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every look at all of a ledger."""
    seen: list[str] = []

    def whole(*given: object, **named: object) -> object:
        seen.append("all")
        return real(*given, **named)  # type: ignore[arg-type]

    real = opening.whole
    monkeypatch.setattr(opening, "whole", whole)
    monkeypatch.setattr(watched, "whole", whole)
    return seen


def test_all_of_it_is_looked_at_once_a_day(signed: tuple[Path, Mark], looks: list[str]) -> None:
    """What nothing rests on is found then, and what is older than a day is not known."""
    place, mark = signed
    edit(place, OLD)
    assert (found(place, mark=mark), looks) == ([], [])
    last = at(RUNS)
    with read_ledger(place) as ledger:
        assert changes_in(ledger, now=last + A_DAY, mark=mark) == []
        late = changes_in(ledger, now=last + A_DAY + timedelta(seconds=1), mark=mark)
        early = changes_in(ledger, now=last - timedelta(seconds=1), mark=mark)
    assert late[0] == early[0] == "entry 3 was changed"


def test_what_a_run_takes_up_is_never_older_than_its_look(signed: tuple[Path, Mark]) -> None:
    """A reading that was forged in the entries and in the nights alike is found at once."""
    place, mark = signed
    for table in ("entries WHERE seq = 2", "nights WHERE number = 1"):
        name, where = table.split(" ", 1)
        edit(
            place, f"UPDATE {name} SET body = CAST(replace(body, '4096', '4097') AS BLOB) {where}"
        )
    assert found(place, mark=mark)[0] == "entry 2 was changed"


def test_each_run_says_what_it_found(signed: tuple[Path, Mark], looks: list[str]) -> None:
    place, mark = signed
    with open_ledger(place) as ledger:
        before = require_whole(ledger, "ledger", now=NOW, mark=mark)
        assert looks == []
        add_run(ledger, RUNS + 1)
        assert looks == ["all"], "without a mark"
        after = require_whole(ledger, "ledger", now=NOW, mark=mark)
    assert (before.found.runs, before.found.entries) == (RUNS, 30)
    assert (after.found.runs, after.found.entries) == (RUNS + 1, 36)
    assert [night.run for night in after.history][-2:] == ["r5", "r6"]
    assert after.history[: len(before.history)] == before.history


def test_a_page_looks_at_what_is_new(signed: tuple[Path, Mark], looks: list[str]) -> None:
    place, _ = signed
    page = Watched()
    with read_ledger(place) as ledger:
        for _ in range(3):
            page.require_whole(ledger, "ledger", now=NOW)
    assert looks == ["all"]
    with open_ledger(place) as ledger:
        add_run(ledger, RUNS + 1)
    looks.clear()
    with read_ledger(place) as ledger:
        page.require_whole(ledger, "ledger", now=NOW)
        assert looks == []
        edit(place, "UPDATE runs SET slot = 'else' WHERE number = 2")
        for _ in range(2):
            with pytest.raises(ConfigurationError, match="run r2 was changed: its slot is else"):
                page.require_whole(ledger, "ledger", now=NOW)


def test_entries_for_an_export_are_of_a_ledger_that_is_whole(signed: tuple[Path, Mark]) -> None:
    """And the table of nights is compared with them."""
    place, _ = signed
    assert len(entries_at(place)) == 30
    edit(place, "UPDATE nights SET body = CAST('{}' AS BLOB) WHERE number = 1")
    with pytest.raises(ConfigurationError, match=r"the night of run r1 was changed .*: keep it"):
        entries_at(place)
    assert ask(place, "SELECT count(*) FROM entries") == [(30,)]


def test_a_leaf_is_canonical_json() -> None:
    """As whoever checks a bundle makes it anew."""
    row = RunRow(number=7, run='r"\u20ac', pilot="p", environment="dev", slot="", state="FINISHED",
                 head="ab" * 32)  # fmt: skip
    said = {"number": 7, "run": row.run, "state": "FINISHED", "head": row.head}
    assert leaf(row) == rfc8785.dumps(said)
