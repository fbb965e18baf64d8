"""docs/files.md: typed from `seatrial init` to `prove`, with a folder of semicolon CSV files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli import REPOSITORY, seatrial
from tests.docs import snippets
from tests.typed import typed

PAGE = REPOSITORY / "docs" / "files.md"


def written(day: int) -> str:
    rows = [f"{day}{n};Köln;1234,{n % 90 + 10}" for n in range(1_000, 1_400)]
    return "\r\n".join(["return_key;town;refund", *rows, f"END;{len(rows)};x", ""])


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two files of the page's dialect."""
    share = tmp_path_factory.mktemp("share")
    (share / "in").mkdir()
    for day in (1, 2):
        path = share / "in" / f"returns_2026110{day}.csv"
        path.write_bytes(written(day).encode("cp1252"))
    return share


@pytest.fixture(scope="module")
def returns(tmp_path_factory: pytest.TempPathFactory, share: Path) -> Path:
    """The engagement as the page leaves it: every command ended as the page says."""
    return typed(PAGE, tmp_path_factory.mktemp("files"), {"RETURNS_FOLDER": str(share)})


def test_its_pilot_is_at_most_twelve_lines(returns: Path) -> None:
    pilot = (returns / "returns" / "pilot.py").read_text()
    assert len([line for line in pilot.splitlines() if line.strip()]) <= 12


def test_what_it_proves_is_called_simulated(returns: Path) -> None:
    """A folder has no host, so nothing says that it is more."""
    found = json.loads((returns / "out" / "returns" / "verdicts.json").read_text())["verdicts"]
    assert {one["evidence_class"] for one in found} == {"simulated"}
    outcomes = {one["claim"]: one["outcome"] for one in found}
    asked = ("complete", "conforms", "authenticated")
    assert [outcomes[claim] for claim in asked] == ["PROVEN", "PROVEN", "UNPROVEN"]


def test_a_dialect_that_is_not_declared_is_proposed_and_not_drafted(
    returns: Path, share: Path, tmp_path: Path
) -> None:
    mine = shutil.copytree(returns, tmp_path / "mine")
    python, _ = snippets(PAGE, "python")
    other = python.replace('delimiter=";"', 'delimiter=","')
    assert other != python
    (mine / "returns" / "pilot.py").write_text(other)
    ended = seatrial(["draft", "share"], cwd=mine, environ={"RETURNS_FOLDER": str(share)})
    assert ended.code == 4
    assert 'declare Csv(delimiter=";", encoding="cp1252", decimal=","' in ended.complaint
    assert "CONTRACT" not in ended.out
