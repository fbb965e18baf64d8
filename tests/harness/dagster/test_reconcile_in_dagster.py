"""Dagster reconciles what was selected, as the command line does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from estate.lifecycle import Running
from harness.dagster import keys
from harness.pilot import loading
from harness.pilot.plan import plan
from tests.harness.dagster_proven import run
from tests.harness.run.reconciled import KEYS, proven
from tests.harness.run.reconciling import overlapping


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return overlapping(tmp_path_factory.mktemp("pilot"))


def comparable(document: Any) -> list[dict[str, Any]]:
    names = ("source", "dataset", "claim", "outcome", "expected", "n", "method", "evidence_class")
    return [{name: v[name] for name in names} for v in document["verdicts"]]


def test_dagster_reconciles_after_the_sources_as_the_command_line_does(
    estate: Running, folder: Path, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    """CRM and logistics; the vendor's quota would make it a minute."""
    loaded = loading.load(folder)
    of = loaded.pilot
    owed = [p for p in plan(of) if p.source != "vendor"]
    datasets = ["crm.customers", "logistics.shipments"]
    proven(folder, tmp_path / "by-hand", estate.environ, datasets=datasets, claims=())
    by_dagster = run(
        loaded,
        instance,
        tmp_path / "by-dagster",
        estate.environ,
        asset_selection=[
            *{keys.check(of, p).asset_key for p in owed},
            keys.evidence(of),
            keys.verdict(of),
        ],
    )
    document = json.loads((tmp_path / "by-hand" / "verdicts.json").read_text())
    assert comparable(by_dagster.document) == comparable(document)
    assert [v["claim"] for v in document["verdicts"]].count("reconciles") == 2
    said = by_dagster.metadata(keys.reconciled(of, "crm", "customers"))
    assert said == {
        "name in crm.customers: keys": KEYS,
        "name in crm.customers: found": KEYS,
        "name in crm.customers: share": 1.0,
        "name in crm.customers: amounts compared": KEYS,
        "name in crm.customers: amounts agreeing": KEYS,
    }
    checked = {
        "/".join(e.asset_key.path[1:]): e.passed
        for e in by_dagster.result.get_asset_check_evaluations()
        if e.check_name == "reconciles"
    }
    assert checked == {"crm/customers.reconciled": True, "logistics/shipments.reconciled": False}
    assert not (tmp_path / "by-dagster" / "landed").exists()


def test_a_reconciliation_selected_alone_in_dagster_reads_both_sides(
    estate: Running, folder: Path, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    loaded = loading.load(folder)
    key = keys.reconciled(loaded.pilot, "logistics", "shipments")
    alone = run(loaded, instance, tmp_path, estate.environ, asset_selection=[key])
    assert alone.result.success
    assert alone.state == "FINISHED"
    [evaluation] = alone.result.get_asset_check_evaluations()
    assert not evaluation.passed
    assert evaluation.description is not None
    assert "are not in crm.customers" in evaluation.description


def test_a_dataset_selected_without_its_reconciliation_owes_none(
    estate: Running, folder: Path, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    loaded = loading.load(folder)
    key = keys.proven(loaded.pilot, "crm", "customers")
    evidence = keys.evidence(loaded.pilot)
    part = run(loaded, instance, tmp_path, estate.environ, asset_selection=[key, evidence])
    assert "reconciles" not in [v["claim"] for v in part.document["verdicts"]]
