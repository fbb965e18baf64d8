"""A broken contract is a fact about its dataset: the others are read and judged as ever."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from harness import definitions
from harness.claims import DATASET_CLAIMS
from harness.dagster import keys
from harness.ledger.chain import breaks
from harness.ledger.ledger import open_ledger
from harness.pilot import loading
from tests.cli import seatrial
from tests.harness.dagster_proven import run
from tests.harness.engagement import write

PY = """
import pandera.polars as pa
from seatrial import Address, Contract, Pilot, Promises, Quota, Source, SourcePromises
from seatrial.sql import Sql

def contract(name: str, description: str) -> Contract:
    return Contract(
        name=name,
        promises=Promises(key=("key",)),
        schema=pa.DataFrameSchema(
            {"key": pa.Column("int64", description=description)}, strict=True
        ),
    )

def shop(at: Address) -> Sql:
    tables = {"orders": "orders", "refunds": "refunds"}
    return Sql(url=at.text("url"), password=None, tables=tables)

PILOT = Pilot(
    name="mine",
    sources=(
        Source(
            name="shop",
            connect=shop,
            contracts=(contract("orders", "The order's number"), contract("refunds", "")),
            promises=SourcePromises(quota=Quota(requests=1_000, seconds=60)),
        ),
    ),
)
"""
YAML = """\
title: Predict something
owners:
  shop: {owner: A, deputy: B, escalation: C, acknowledged: {by: A, on: 2026-11-01}}
environments:
  dev:
    evidence_class: sandbox
    sources:
      shop: {url: env:SHOP_URL}
"""
OWED = set(DATASET_CLAIMS) - {"reconciles"}
"""Nothing is promised of another dataset."""
COMPLAINT = "contract refunds: column key has no description: say what it means and in which unit"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    with sqlite3.connect(tmp_path / "shop.sqlite") as shop:
        for table in ("orders", "refunds"):
            shop.execute(f"create table {table} (key bigint primary key)")
            shop.execute(f"insert into {table} values (1), (2)")
    shop.close()
    return {"SHOP_URL": f"sqlite:///{tmp_path / 'shop.sqlite'}"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path, py=PY, yaml=YAML)


def of_dataset(document: Any, dataset: str | None) -> dict[str, Any]:
    return {v["claim"]: v for v in document["verdicts"] if v["dataset"] == dataset}


def test_prove_judges_the_others_and_says_what_is_wrong_with_it(
    folder: Path, tmp_path: Path, environ: dict[str, str]
) -> None:
    ended = seatrial(["prove", folder, "--out", "out"], cwd=tmp_path, environ=environ)
    assert ended.code == 4
    assert "column key has no description" in " ".join(ended.out.split())
    document = json.loads((tmp_path / "out" / "verdicts.json").read_text())
    assert document["planned"] == document["executed"]
    broken = of_dataset(document, "refunds")
    assert set(broken) == OWED
    assert {(v["outcome"], v["n"]) for v in broken.values()} == {("ERROR", 0)}
    assert {v["because"] for v in broken.values()} == {f"{COMPLAINT}; nothing was read"}
    whole = of_dataset(document, "orders")
    assert whole["conforms"]["outcome"] == "PROVEN"
    page = (tmp_path / "out" / "report.html").read_text()
    assert "column key has no description" in page


def test_nothing_is_asked_of_the_source_for_it_and_the_ledger_says_why(
    folder: Path, tmp_path: Path, environ: dict[str, str]
) -> None:
    seatrial(["prove", folder, "--out", "out"], cwd=tmp_path, environ=environ)
    (log,) = (tmp_path / "out" / "logs").iterdir()
    assert "orders" in log.read_text()
    assert "refunds" not in log.read_text()
    with open_ledger(tmp_path / "out" / "ledger.sqlite") as ledger:
        assert list(breaks(ledger.entries())) == []
        (entry,) = ledger.entries(kind="complaint")
    body = json.loads(entry.body)
    assert (body["source"], body["dataset"]) == ("shop", "refunds")
    assert body["complaint"]["text"] == COMPLAINT


def test_a_quota_is_not_proven_by_what_was_left_unread(
    folder: Path, tmp_path: Path, environ: dict[str, str]
) -> None:
    seatrial(["prove", folder, "--out", "out"], cwd=tmp_path, environ=environ)
    document = json.loads((tmp_path / "out" / "verdicts.json").read_text())
    budget = of_dataset(document, None)["within_budget"]
    assert budget["outcome"] == "ERROR"
    assert budget["because"] == "refunds was not read: its contract is broken."


def test_a_part_without_it_is_proven_as_ever(
    folder: Path, tmp_path: Path, environ: dict[str, str]
) -> None:
    part = ["--dataset", "orders", "--claim", "conforms", "--claim", "within_budget"]
    ended = seatrial(["prove", folder, *part], cwd=tmp_path, environ=environ)
    assert ended.code == 0, ended.out


def test_the_doctor_names_it_and_the_others_are_looked_at(
    folder: Path, tmp_path: Path, environ: dict[str, str]
) -> None:
    ended = seatrial(["doctor", folder], cwd=tmp_path, environ=environ)
    assert ended.code == 2
    rows = ended.out.splitlines()
    assert [row.split()[:2] for row in rows if row.startswith("wrong")] == [
        ["wrong", "shop.refunds"]
    ]
    assert "column key has no description" in " ".join(ended.out.split())
    assert any(row.split() == ["ok", "shop", "contracts", "orders"] for row in rows)


def test_dagster_shows_it_beside_the_others(folder: Path) -> None:
    loaded = loading.load(folder)
    graph = definitions.build(loaded).resolve_asset_graph()
    broken = graph.get(keys.proven(loaded.pilot, "shop", "refunds"))
    assert broken.description == f"Not read: {COMPLAINT}"
    assert broken.metadata["complaint"] == COMPLAINT
    assert broken.code_version is None
    at_source = graph.get(keys.at_source(loaded.pilot, "shop", "refunds"))
    assert at_source.metadata["complaint"] == COMPLAINT
    whole = graph.get(keys.proven(loaded.pilot, "shop", "orders"))
    assert "complaint" not in whole.metadata
    assert whole.code_version


def test_dagster_fails_its_checks_and_makes_the_evidence(
    folder: Path, instance: dg.DagsterInstance, tmp_path: Path, environ: dict[str, str]
) -> None:
    loaded = loading.load(folder)
    proven = run(loaded, instance, tmp_path / "out", environ)
    assert proven.state == "FINISHED"
    assert proven.metadata(keys.proven(loaded.pilot, "shop", "refunds")) == {
        "complaint": COMPLAINT
    }
    shown = [
        (e.check_name, e.passed, e.severity, e.description)
        for e in proven.result.get_asset_check_evaluations()
        if e.asset_key.path[-1] == "refunds"
    ]
    said = f"ERROR: {COMPLAINT}; nothing was read"
    assert sorted(shown) == sorted(
        (claim, False, dg.AssetCheckSeverity.ERROR, said) for claim in OWED
    )
    passed = {
        (e.asset_key.path[-1], e.check_name)
        for e in proven.result.get_asset_check_evaluations()
        if e.passed
    }
    assert ("orders", "conforms") in passed
    assert "shop.refunds complete ERROR" in proven.failures()


PROMISE = 'promises=Promises(key=("key",)),'
RECONCILING = """promises=Promises(
            key=("key",),
            reconciles=(
                Reconciliation(
                    dataset="shop.refunds" if name == "orders" else "shop.orders",
                    ours="key",
                    theirs="key",
                ),
            ),
        ),"""


def test_what_is_promised_of_its_rows_is_an_error_on_both_sides(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    """Nothing was read of it, so nothing can be found in it; the ledger says it once."""
    py = PY.replace(PROMISE, RECONCILING).replace("Quota,", "Quota, Reconciliation,")
    folder = write(tmp_path, py=py, yaml=YAML)
    ended = seatrial(["prove", folder, "--out", "out"], cwd=tmp_path, environ=environ)
    assert ended.code == 4
    document = json.loads((tmp_path / "out" / "verdicts.json").read_text())
    assert document["planned"] == document["executed"]
    ours = of_dataset(document, "orders")["reconciles"]
    assert ours["outcome"] == "ERROR"
    assert f"shop.refunds was not read: {COMPLAINT}" in ours["because"]
    assert of_dataset(document, "refunds")["reconciles"]["outcome"] == "ERROR"
    with open_ledger(tmp_path / "out" / "ledger.sqlite") as ledger:
        assert len(list(ledger.entries(kind="complaint"))) == 1
