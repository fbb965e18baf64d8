"""Blank lines of a file reach the verdict, the page and the ledger."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats.csv import Csv
from connectors.files.stores.local import Local
from harness.ledger.ledger import open_ledger
from tests.truth.situation import NUMBER, Ground, Trial, contract


@pytest.mark.parametrize("blank", [0, 2])
def test_they_are_told_from_the_file_to_the_report(tmp_path: Path, blank: int) -> None:
    (tmp_path / "1.csv").write_text("id,size\n1,2\n" + "\n" * blank + "3,4\n")
    (tmp_path / "2.csv").write_text("id,size\n5,6\n")
    files = Files(store=Local(tmp_path), datasets={"it": FileSet("*.csv", Csv())})
    held = contract("it", {"id": NUMBER, "size": NUMBER})
    with Ground() as ground:
        trial = Trial(ground=ground, connector=files, contracts=(held,))
        because = trial.prove(claim="complete").because
        page = (trial.out / "report.html").read_text()
        with open_ledger(trial.out / "ledger.sqlite") as ledger:
            [body] = [json.loads(e.body) for e in ledger.entries() if e.kind == "reading"]
    assert because.endswith("; 2 blank lines passed over.") is bool(blank)
    assert ("Blank lines passed over" in page) is bool(blank)
    assert body["reading"].get("blank_lines", 0) == blank
    assert body["reading"]["rows"] == 3
