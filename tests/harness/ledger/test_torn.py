"""A ledger whose last bytes were lost is cut at its last whole entry, and the run behind it is
told (fault L02).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.errors import ConfigurationError, LedgerLost
from harness.ledger import opening
from harness.ledger.ledger import entries, open_ledger
from tests.harness.ledger.grown import NOON, NOW, RUNS, add_run, edit, found, grow, header

STEP = 1021
"""Bytes from one cut to the next: a prime, so that all places within a page have their turn."""


@pytest.fixture(scope="module")
def died(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """What a killed writer leaves: a file and its -wal; and where the last record begins there."""
    folder = tmp_path_factory.mktemp("died")
    place = folder / "ledger.sqlite"
    with open_ledger(place) as ledger:
        add_run(ledger, 1)
        add_run(ledger, 2, state="RUNNING")
        begins = wal(place).stat().st_size
        ledger.append(header(2), "verdict", {"n": "x" * 9_000}, at=NOON)
        kept = folder / "kept"
        kept.mkdir()
        for file in (place, wal(place)):
            shutil.copy(file, kept / file.name)
    return kept / place.name, begins


def wal(place: Path) -> Path:
    return place.with_name(f"{place.name}-wal")


def torn(died: tuple[Path, int], folder: Path) -> Iterator[tuple[Path, bool]]:
    """The ledger with its last record cut at one byte after the other, and whether all of it is
    there.
    """
    kept, begins = died
    content = wal(kept).read_bytes()
    assert len(content) > begins
    for number, size in enumerate([*range(begins, len(content), STEP), len(content)]):
        place = folder / str(number) / kept.name
        place.parent.mkdir()
        shutil.copy(kept, place)
        wal(place).write_bytes(content[:size])
        yield place, size == len(content)


def test_a_torn_last_record_is_cut_and_its_run_is_told(
    died: tuple[Path, int], tmp_path: Path
) -> None:
    """L02: SQLite's own sums end the file at its last whole transaction; the next run finds the
    run that was RUNNING, and says so.
    """
    for place, whole in torn(died, tmp_path):
        assert found(place) == []
        kinds = [entry.kind for entry in entries(place)]
        assert kinds[6:] == ["started", *["reading", "verdict"] * 2, *["verdict"] * whole]
        with open_ledger(place) as ledger:
            assert ledger.begin(header(9), {"planned": []}, at=NOW) == ("r2",)
        assert found(place) == []


def test_a_file_that_was_cut_is_damaged_or_named(tmp_path: Path) -> None:
    """L02 in the file itself, once its -wal is gone."""
    place = tmp_path / "ledger.sqlite"
    grow(place)
    content = place.read_bytes()
    for size in range(len(content) - 3 * 4096, len(content), STEP):
        place.write_bytes(content[:size])
        try:
            (said, *_) = found(place)
        except (ConfigurationError, LedgerLost) as error:
            said = str(error)
        assert "it is damaged: leave the file" in said or "the night of run r5" in said


def test_a_part_of_a_page_that_sqlite_does_not_miss_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """L02: zeros in the middle of a body; and the guard-off twin, which does not see them."""
    place = tmp_path / "ledger.sqlite"
    grow(place)
    seq = 6 * RUNS - 1
    edit(place, f"UPDATE entries SET body = zeroblob(length(body)) WHERE seq = {seq}")
    assert found(place)[0] == f"entry {seq} was changed"
    monkeypatch.setattr(opening, "breaks", lambda entries, **_: (0 for _ in entries if False))
    assert found(place) == []
