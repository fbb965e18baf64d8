"""The command: a child counts groups, the ledger holds them, and the report names the worst."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from harness.ledger.ledger import open_ledger
from tests.cli import seatrial
from tests.harness.engagement import write

PY = """
from datetime import timedelta
from pathlib import Path
import pandera.polars as pa
import polars as pl
from seatrial import Address, Contract, Groups, Pilot, Promises, Source
from seatrial.files import Csv, Files, FileSet, Local

COLUMNS = {
    "id": pa.Column(pl.Int64, description="Its number"),
    "region": pa.Column(pl.String, description="Where"),
    "at": pa.Column(pl.Datetime("us", "UTC"), description="When"),
}
ORDERS = Contract(
    name="orders",
    promises=Promises(
        key=("id",),
        event_time="at",
        lag=timedelta(days=1),
        cadence=timedelta(days=1),
        groups=Groups(by="region"),
    ),
    schema=pa.DataFrameSchema(COLUMNS, strict=True),
    classified=CLASSIFIED,
)

def shop(at: Address) -> Files:
    files = {"orders": FileSet("*.csv", Csv())}
    return Files(store=Local(Path(at.text("folder"))), datasets=files)

PILOT = Pilot(name="acme", sources=(Source(name="shop", connect=shop, contracts=(ORDERS,)),))
"""
YAML = """\
title: Predict something
environments:
  dev:
    evidence_class: sandbox
    sources:
      shop: {folder: FOLDER}
"""


def engagement(root: Path, classified: str) -> Path:
    data = root / "data"
    data.mkdir()
    now = datetime.now(UTC)
    for day in range(3):
        at = now - timedelta(days=day)
        regions = ("north", "south") if day == 2 else ("south",)
        rows = [f"{10 * day + n},{name},{at:%FT%TZ}" for n, name in enumerate(regions)]
        (data / f"orders_{at:%Y%m%d}.csv").write_text("\n".join(["id,region,at", *rows, ""]))
    py = PY.replace("CLASSIFIED", classified)
    return write(root, py=py, yaml=YAML.replace("FOLDER", str(data)))


def readings(out: Path) -> list[dict[str, Any]]:
    with open_ledger(out / "ledger.sqlite") as ledger:
        return [json.loads(one.body)["reading"] for one in ledger.entries(kind="reading")]


def test_a_child_counts_the_groups_and_the_verdict_names_the_worst(tmp_path: Path) -> None:
    pilot = engagement(tmp_path, '{"region": "public"}')
    ended = seatrial(["prove", pilot, "--out", tmp_path / "out"], cwd=tmp_path)
    [reading] = readings(tmp_path / "out")
    found = {one["name"]: one["rows"] for one in reading["groups"]["found"]}
    assert found == {'"north"': 1, '"south"': 3}
    counts = [one["group_rows"] for one in reading["deliveries"]]
    assert sorted(counts) == [[0, 1], [0, 1], [1, 1]]
    page = (tmp_path / "out" / "report.html").read_text()
    assert "brought no row of &#34;north&#34;" in page
    assert ended.code == 1


@pytest.mark.parametrize("given", ["{}", '{"region": "internal"}'])
def test_a_group_that_may_not_be_named_is_refused_before_anything_is_read(
    tmp_path: Path, given: str
) -> None:
    pilot = engagement(tmp_path, given)
    ended = seatrial(["prove", pilot, "--out", tmp_path / "out"], cwd=tmp_path)
    told = ended.out + ended.err
    assert "whose values evidence may not show" in " ".join(told.split())
    assert "north" not in told
    assert not readings(tmp_path / "out")
