"""docs/files.md, done: a folder of semicolon CSV files, drafted, answered and proven."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli import REPOSITORY, seatrial
from tests.docs import snippets

PAGE = REPOSITORY / "docs" / "files.md"
SETTINGS = """\
title: Returns
environments:
  dev: {{evidence_class: production, sources: {{share: {{folder: {folder}}}}}}}
"""
WITHOUT = "contracts=(returned.CONTRACT,)", "contracts=()"


def written(day: int) -> str:
    rows = [f"{day}{n};Köln;1234,{n % 90 + 10}" for n in range(1_000, 1_400)]
    return "\r\n".join(["return_key;town;refund", *rows, f"END;{len(rows)};x", ""])


@pytest.fixture
def pilot(tmp_path: Path) -> Path:
    """The page's pilot, with files of its dialect and no contract yet."""
    (python,) = snippets(PAGE, "python")
    (tmp_path / "returns" / "contracts").mkdir(parents=True)
    for package in ("returns", "returns/contracts"):
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "share" / "in").mkdir(parents=True)
    for day in (1, 2):
        path = tmp_path / "share" / "in" / f"returns_2026110{day}.csv"
        path.write_bytes(written(day).encode("cp1252"))
    (tmp_path / "returns" / "pilot.py").write_text(python)
    (tmp_path / "returns" / "pilot.yaml").write_text(SETTINGS.format(folder=tmp_path / "share"))
    return tmp_path


def without_contract(pilot: Path, dialect: str | None = None) -> None:
    path = pilot / "returns" / "pilot.py"
    text = path.read_text().replace("from returns.contracts import returned\n", "")
    text = text.replace(*WITHOUT)
    path.write_text(text.replace('delimiter=";"', dialect) if dialect else text)


def test_it_is_at_most_twelve_lines() -> None:
    (python,) = snippets(PAGE, "python")
    lines = [line for line in python.splitlines() if line and not line.startswith("#")]
    assert len(lines) <= 12


def test_it_is_drafted_answered_and_proven(pilot: Path) -> None:
    python = (pilot / "returns" / "pilot.py").read_text()
    without_contract(pilot)
    drafted = seatrial(["draft", "share", "--write"], cwd=pilot)
    assert drafted.code == 0, drafted.err
    contract = pilot / "returns" / "contracts" / "returned.py"
    text = contract.read_text()
    assert "pl.Decimal(18, 2)" in text
    contract.write_text(text.replace('description=""', 'description="As its owner says"'))
    (pilot / "returns" / "pilot.py").write_text(python)
    claims = ["--claim", "complete", "--claim", "conforms", "--claim", "authenticated"]
    proven = seatrial(["prove", *claims], cwd=pilot)
    verdicts = json.loads((pilot / "out" / "returns" / "verdicts.json").read_text())["verdicts"]
    assert {one["claim"]: (one["outcome"], one["evidence_class"]) for one in verdicts} == {
        "complete": ("PROVEN", "simulated"),
        "conforms": ("PROVEN", "simulated"),
        "authenticated": ("UNPROVEN", "simulated"),
    }, proven.out


def test_a_dialect_that_is_not_declared_is_proposed_and_not_drafted(pilot: Path) -> None:
    without_contract(pilot, 'delimiter=","')
    ended = seatrial(["draft", "share"], cwd=pilot)
    assert ended.code == 4
    assert 'declare Csv(delimiter=";", encoding="cp1252", decimal=","' in ended.complaint
    assert "CONTRACT" not in ended.out
