"""Odd input is a finding about one dataset: it says the true reason, and the others are judged."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from harness.ledger.chain import breaks
from harness.ledger.ledger import open_ledger
from tests.cli import seatrial
from tests.harness.engagement import write

PY = """
from pathlib import Path

import pandera.polars as pa
import polars as pl
from seatrial import Address, Contract, Pilot, Promises, Source
from seatrial.files import Csv, Files, FileSet, JsonLines, Local, Parquet

FORMATS = {".jsonl": JsonLines(), ".csv": Csv(), ".parquet": Parquet()}
FOLDER = Path("DELIVERIES")
FILES = {path.stem: path for path in sorted(FOLDER.iterdir())}
TYPES = {"int128": pl.Int128, "zone": pl.Datetime("us", "Mars/Phobos"), "far": pl.Datetime("us")}


class Drop(Files):
    def read(self, dataset, *, schema, emit):
        if dataset == "own":
            raise KeyError("canary")
        return super().read(dataset, schema=schema, emit=emit)


def contract(name):
    text = pa.Column(TYPES.get(name, pl.String), nullable=True, description="Anything")
    columns = {"id": pa.Column(pl.Int64, description="The number"), "t": text}
    return Contract(
        name=name,
        promises=Promises(key=("id",)),
        schema=pa.DataFrameSchema(columns, strict=True),
    )


def drop(at: Address):
    sets = {name: FileSet(path.name, FORMATS[path.suffix]) for name, path in FILES.items()}
    return Drop(store=Local(FOLDER), datasets=sets)


PILOT = Pilot(
    name="odd",
    sources=(Source(name="drop", connect=drop, contracts=tuple(map(contract, FILES))),),
)
"""
YAML = """\
title: Predict something
environments:
  dev:
    evidence_class: sandbox
    sources:
      drop: {}
"""
PLAIN = '{"id": 1, "t": "x"}\n'
FINDINGS: dict[str, tuple[bytes | str, str, str]] = {
    "plain.jsonl": (PLAIN, "PROVEN", "All 8 rules ran on 1 row and none failed"),
    "half.jsonl": (PLAIN + '{"id": 2, "t": "a\\ud800"}\n', "BROKEN", "t: 1 of 2 rows fail type"),
    "deep.jsonl": (
        f'{PLAIN}{{"id": 2, "t": {"[" * 900}{"]" * 900}}}\n',
        "ERROR",
        "the JSON of row 2 is nested more than 64 deep: correct it",
    ),
    "empty.jsonl": ("{}\n{}\n", "ERROR", "row 1 is an empty object, so no field is known"),
    "twice.jsonl": ('{"id": 1, "id": 2}\n', "ERROR", "row 1 has a key twice in one object"),
    "int128.jsonl": (PLAIN, "ERROR", "t cannot land as Int128: use Int64, or Decimal(38, 0)"),
    "zone.jsonl": (PLAIN, "ERROR", "whose zone nobody knows: use UTC; nothing was read"),
    "own.jsonl": (PLAIN, "ERROR", "pilot:18, the pilot's own code: correct it there"),
    "wide.csv": (b"id,t\n1,x\n2,\xff,y\n", "ERROR", "row 3 is not UTF-8: correct the file, or"),
    "far.parquet": (b"", "BROKEN", "t: 1 of 2 rows fail type"),
    "last.jsonl": (PLAIN, "PROVEN", "All 8 rules ran on 1 row and none failed"),
}


def deliver(folder: Path) -> Path:
    folder.mkdir()
    for name, (content, _, _) in FINDINGS.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    times = pa.array([0, 2**62], pa.int64()).view(pa.timestamp("us"))
    pq.write_table(pa.table({"id": [1, 2], "t": times}), folder / "far.parquet")
    return folder


def test_each_is_told_of_its_own_dataset_and_the_run_goes_on(tmp_path: Path) -> None:
    """In children, as a user runs it, and with a variable that is no text."""
    pilot = write(tmp_path, py=PY.replace("DELIVERIES", str(deliver(tmp_path / "in"))), yaml=YAML)
    odd = {"ODD": os.fsdecode(b"\xff\xfe")}
    ended = seatrial(["prove", pilot, "--out", "out"], cwd=tmp_path, environ=odd)
    assert ended.code == 4
    assert "canary" not in ended.out + ended.err
    document: Any = json.loads((tmp_path / "out" / "verdicts.json").read_text())
    assert document["planned"] == document["executed"]
    found = {v["dataset"]: v for v in document["verdicts"] if v["claim"] == "conforms"}
    for name, (_, outcome, because) in FINDINGS.items():
        told = found[name.partition(".")[0]]
        assert (told["outcome"], because in told["because"]) == (outcome, True), told["because"]
    assert "defect" not in (tmp_path / "out" / "report.html").read_text()
    with open_ledger(tmp_path / "out" / "ledger.sqlite") as ledger:
        assert list(breaks(ledger.entries())) == []


@pytest.mark.parametrize("odd", ["pilot", "out"])
def test_a_path_that_is_no_text_is_refused_before_anything_is_read(
    tmp_path: Path, odd: str
) -> None:
    pilot = write(tmp_path, py=PY.replace("DELIVERIES", str(deliver(tmp_path / "in"))), yaml=YAML)
    strange = tmp_path / os.fsdecode(b"\xff")
    if odd == "pilot":
        pilot = pilot.rename(strange)
    out = strange if odd == "out" else tmp_path / "out"
    ended = seatrial(["prove", pilot, "--out", out], cwd=tmp_path)
    assert ended.code == 2
    assert "holds bytes that are no UTF-8: rename it, or name another" in ended.complaint
    assert not out.exists()
