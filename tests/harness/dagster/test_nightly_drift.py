"""Job `nightly_drift` shows a changed column at the check of its dataset; `approve_baseline` pins."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from harness import definitions
from harness.dagster import keys
from harness.dagster.drift import APPROVE, NIGHTLY_DRIFT
from harness.pilot import loading
from harness.result import Planned
from harness.run.boxed import boxed
from tests.harness.acme_layout import Acme, lay_out

ORDERS = Planned(source="outlet", dataset="orders", claim="stable_schema")


@pytest.fixture
def acme(tmp_path: Path) -> Acme:
    """A copy of its own: its tables are altered here."""
    return lay_out(tmp_path)


def execute(
    acme: Acme, instance: dg.DagsterInstance, job: str, **config: Any
) -> dg.ExecuteInProcessResult:
    loaded = loading.load(acme.folder)
    built = definitions.build(loaded, out=acme.elsewhere / "out", environ=acme.sources)
    given = {"ops": {"approve_columns": {"config": config}}} if config else None
    with boxed():
        return built.resolve_job_def(job).execute_in_process(
            instance=instance, run_config=given, raise_on_error=False
        )


def shown(acme: Acme, result: dg.ExecuteInProcessResult) -> dg.AssetCheckEvaluation:
    pilot = loading.load(acme.folder).pilot
    (one,) = [
        found
        for found in result.get_asset_check_evaluations()
        if found.asset_check_key == keys.check(pilot, ORDERS)
    ]
    return one


def test_a_change_is_at_the_check_and_the_owner_approves_it_by_a_launch(acme: Acme) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        first = execute(acme, instance, NIGHTLY_DRIFT)
        assert first.success, "what nobody approved yet is a warning"
        assert not shown(acme, first).passed
        assert execute(acme, instance, APPROVE, by="Ada Okafor").success
        assert shown(acme, execute(acme, instance, NIGHTLY_DRIFT)).passed

        with sqlite3.connect(acme.sources["ACME_OUTLET"]) as shop:
            shop.execute("alter table orders rename column voucher to coupon")
        shop.close()
        changed = execute(acme, instance, NIGHTLY_DRIFT)
        assert not changed.success
        assert "voucher was renamed to coupon" in str(shown(acme, changed).description)
        assert not execute(acme, instance, NIGHTLY_DRIFT).success, "red until somebody approves"
        assert execute(
            acme, instance, APPROVE, by="Jonas Lind", datasets=["outlet.orders"]
        ).success
        assert execute(acme, instance, NIGHTLY_DRIFT).success
    pinned = json.loads((acme.folder / "baseline.json").read_text())["datasets"]
    assert pinned["outlet.orders"]["approved_by"] == "Jonas Lind"
    assert pinned["web-shop.orders"]["approved_by"] == "Ada Okafor"


@pytest.mark.parametrize("config", [{"datasets": []}, {"by": 3}, {"by": "Ada", "dataset": "x"}])
def test_a_launch_without_a_name_or_with_another_key_is_refused(
    acme: Acme, config: dict[str, Any]
) -> None:
    with dg.DagsterInstance.ephemeral() as instance, pytest.raises(dg.DagsterInvalidConfigError):
        execute(acme, instance, APPROVE, **config)
