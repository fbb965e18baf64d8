"""`nightly_drift` shows a changed column at its dataset's check; `approve_baseline` pins."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from harness import definitions
from harness.dagster import keys
from harness.dagster.drift import APPROVE, NIGHTLY_DRIFT
from harness.pilot import loading
from harness.pilot.model import LoadedPilot
from harness.result import Planned
from harness.run.boxed import boxed
from tests.harness.engagement import PILOT_PY, PILOT_YAML, write

EVALUATED = dg.DagsterEventType.ASSET_CHECK_EVALUATION
ORDERS = Planned(source="erp", dataset="orders", claim="stable_schema")
PY = PILOT_PY.replace('at.text("url")', "f\"sqlite:///{at.text('url')}\"").replace(
    'at.secret("password")', "None"
)
YAML = PILOT_YAML.replace(", password: env:ERP_PASSWORD", "").replace("sandbox", "simulated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A pilot of its own, its database, and where its runs go."""

    loaded: LoadedPilot
    instance: dg.DagsterInstance
    file: Path
    out: Path

    def execute(self, job: str, **config: Any) -> dg.ExecuteInProcessResult:
        environ = {"ERP_URL": str(self.file)}
        built = definitions.build(self.loaded, out=self.out, environ=environ)
        given = {"ops": {"approve_columns": {"config": config}}} if config else None
        with boxed():
            return built.resolve_job_def(job).execute_in_process(
                instance=self.instance, run_config=given, raise_on_error=False
            )

    def alter(self, statement: str) -> None:
        connection = sqlite3.connect(self.file)
        connection.execute(statement)
        connection.commit()
        connection.close()

    def shown(self, result: dg.ExecuteInProcessResult) -> dg.AssetCheckEvaluation:
        (logged,) = self.instance.all_logs(result.run_id, of_type=EVALUATED)
        assert logged.dagster_event is not None
        one = logged.dagster_event.asset_check_evaluation_data
        assert one.asset_check_key == keys.check(self.loaded.pilot, ORDERS)
        return one


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    file = tmp_path / "shop.sqlite"
    with dg.DagsterInstance.ephemeral() as instance:
        made = Shop(
            loaded=loading.load(write(tmp_path, py=PY, yaml=YAML)),
            instance=instance,
            file=file,
            out=tmp_path / "out",
        )
        made.alter("create table orders (order_key bigint primary key, voucher text)")
        yield made


def test_a_change_is_at_the_check_and_the_owner_approves_it_by_a_launch(shop: Shop) -> None:
    first = shop.execute(NIGHTLY_DRIFT)
    assert first.success, "what nobody approved yet is a warning"
    assert not shop.shown(first).passed
    assert shop.execute(APPROVE, by="Ada Okafor").success
    assert shop.shown(shop.execute(NIGHTLY_DRIFT)).passed

    shop.alter("alter table orders rename column voucher to coupon")
    changed = shop.execute(NIGHTLY_DRIFT)
    assert not changed.success
    assert "voucher was renamed to coupon" in str(shop.shown(changed).description)
    assert not shop.execute(NIGHTLY_DRIFT).success, "red until somebody approves"
    assert shop.execute(APPROVE, by="Jonas Lind", datasets=["erp.orders"]).success
    assert shop.execute(NIGHTLY_DRIFT).success
    pinned = json.loads((shop.loaded.folder / "baseline.json").read_text())["datasets"]
    assert pinned["erp.orders"]["approved_by"] == "Jonas Lind"


@pytest.mark.parametrize("config", [{"datasets": []}, {"by": 3}, {"by": "Ada", "dataset": "x"}])
def test_a_launch_without_a_name_or_with_another_key_is_refused(
    shop: Shop, config: dict[str, Any]
) -> None:
    with pytest.raises(dg.DagsterInvalidConfigError):
        shop.execute(APPROVE, **config)


def test_an_approval_of_what_nobody_saw_fails_with_what_to_do(shop: Shop) -> None:
    failed = shop.execute(APPROVE, by="Ada Okafor")
    assert not failed.success
    assert not (shop.loaded.folder / "baseline.json").exists()
