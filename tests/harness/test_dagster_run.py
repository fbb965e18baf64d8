"""A Dagster run is one run of ours, of just what it selects."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from harness.dagster import keys
from harness.dagster.run import SLOT_TAG, attended
from harness.errors import ConfigurationError
from harness.ledger.chain import breaks
from harness.ledger.ledger import open_ledger, utc_now
from harness.pilot.model import LoadedPilot
from harness.pilot.plan import plan
from harness.result import Planned
from harness.run.config import RunConfig
from harness.verdict import Outcome, Verdict
from tests.harness.acme_layout import Acme
from tests.harness.dagster_proven import Proven, run
from tests.harness.engagement import write

BIN = Path(sys.executable).parent
OUTLET = ("outlet", "orders")


def test_a_dagster_run_is_one_run_on_the_ledger(proven: Proven) -> None:
    assert proven.state == "FINISHED"
    assert proven.document["run"] == proven.result.run_id
    with open_ledger(proven.out / "ledger.sqlite") as ledger:
        assert {entry.run for entry in ledger.entries()} == {proven.result.run_id}


def test_a_missing_variable_fails_the_run_in_one_line_before_anything_is_read(
    loaded: LoadedPilot, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    failed = run(loaded, instance, tmp_path / "out", {})
    assert not failed.result.success
    assert (
        "environment variables missing or empty: ACME_OUTLET, ACME_SHOP "
        "(set it for environment dev)"
    ) in failed.failures()
    assert not (tmp_path / "out").exists()


def test_a_source_that_is_down_keeps_no_evidence_back(
    acme: Acme, loaded: LoadedPilot, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    """Its failed readings show as such, and the verdicts on them are in ERROR."""
    environ = {**acme.sources, "ACME_OUTLET": str(tmp_path / "gone" / "outlet.sqlite")}
    down = run(loaded, instance, tmp_path / "out", environ)
    assert not down.result.success
    assert down.state == "FINISHED"
    owed = len(plan(loaded.pilot))
    assert down.document["planned"] == down.document["executed"] == owed
    said = down.metadata(keys.proven(loaded.pilot, "outlet", "orders"))
    assert "failure" in said
    assert "dagster/row_count" not in said
    assert {
        v["outcome"] for v in down.document["verdicts"] if (v["source"], v["dataset"]) == OUTLET
    } == {"ERROR"}
    shown = {
        (e.passed, e.severity)
        for e in down.result.get_asset_check_evaluations()
        if tuple(e.asset_key.path[1:]) == OUTLET
    }
    assert shown == {(False, dg.AssetCheckSeverity.ERROR)}


def test_a_part_of_a_pilot_owes_the_verdicts_of_that_part_alone(
    acme: Acme, loaded: LoadedPilot, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    part = run(
        loaded,
        instance,
        tmp_path,
        acme.sources,
        asset_selection=[
            keys.proven(loaded.pilot, "web-shop", "refunds"),
            keys.evidence(loaded.pilot),
            keys.verdict(loaded.pilot),
        ],
    )
    assert part.result.success
    owed = [one.claim for one in plan(loaded.pilot) if one.dataset == "refunds"]
    assert {"complete", "conforms"} < {*owed}
    verdicts = [(v["dataset"], v["claim"]) for v in part.document["verdicts"]]
    assert verdicts == [("refunds", claim) for claim in owed]
    assert part.state == "FINISHED"


def test_a_part_without_evidence_is_finished_on_the_ledger_and_publishes_nothing(
    acme: Acme, loaded: LoadedPilot, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    refunds = keys.proven(loaded.pilot, "web-shop", "refunds")
    part = run(loaded, instance, tmp_path, acme.sources, asset_selection=[refunds])
    assert part.result.success
    assert part.state == "FINISHED"
    assert not (tmp_path / "verdicts.json").exists()


def test_evidence_without_a_source_is_refused(
    acme: Acme, loaded: LoadedPilot, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    alone = run(
        loaded,
        instance,
        tmp_path / "out",
        acme.sources,
        asset_selection=[keys.evidence(loaded.pilot)],
    )
    assert not alone.result.success
    assert "select sources with them, or run job prove" in alone.failures()
    assert not (tmp_path / "out").exists()


def chosen(**selection: Any) -> dg.DagsterRun:
    return dg.DagsterRun(job_name="prove", **selection)


def test_a_check_can_be_chosen_without_its_asset(loaded: LoadedPilot) -> None:
    fresh = Planned(source="outlet", dataset="orders", claim="fresh")
    key = keys.check(loaded.pilot, fresh)
    asked = chosen(asset_selection=frozenset(), asset_check_selection=frozenset({key}))
    assert keys.selected(loaded.pilot, plan(loaded.pilot), asked) == (fresh,)


def test_an_asset_cannot_be_made_without_its_checks(loaded: LoadedPilot) -> None:
    """It would show as materialized, and nobody would have read it."""
    orders = keys.proven(loaded.pilot, "outlet", "orders")
    asked = chosen(asset_selection=frozenset({orders}), asset_check_selection=frozenset())
    with pytest.raises(ConfigurationError, match=r"acme/outlet/orders is selected without"):
        keys.selected(loaded.pilot, plan(loaded.pilot), asked)


@pytest.mark.parametrize("reached", [0, 1])
def test_a_run_that_ends_before_all_is_judged_is_interrupted(
    acme: Acme, loaded: LoadedPilot, tmp_path: Path, reached: int
) -> None:
    """As when a step failed: Dagster tears down its resources and says no more."""
    config = RunConfig(
        loaded=loaded,
        environment="dev",
        slot=utc_now().date(),
        planned=plan(loaded.pilot, datasets=["outlet.orders"]),
        out=tmp_path,
        environ=acme.sources,
    )
    with attended(config) as run:
        run.state.record_verdicts({p: proven_by_hand(p.claim) for p in config.planned[:reached]})
    with open_ledger(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.state(config.run_id) == "INTERRUPTED"
        assert list(breaks(ledger.entries())) == []


def proven_by_hand(claim: str) -> Verdict:
    return Verdict(
        claim=claim,
        outcome=Outcome.PROVEN,
        because="it is",
        expected="it",
        observed="it",
        n=1,
        method="by hand",
    )


WAITING = """
import time
from dataclasses import dataclass
from pathlib import Path
import pandera.polars as pa
from seatrial import Address, Contract, Pilot, Promises, Source

@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    endpoint: str

    def read(self, dataset, *, schema, emit):
        Path(self.endpoint).touch()
        time.sleep(300)

    def probe(self, *, emit):
        return ()

KEY = pa.Column("int64", description="The order's number")
ORDERS = Contract(
    name="orders",
    promises=Promises(key=("order_key",)),
    schema=pa.DataFrameSchema({"order_key": KEY}, strict=True),
)
PILOT = Pilot(
    name="acme",
    sources=(
        Source(
            name="erp", connect=lambda at: Silent(endpoint=at.text("url")), contracts=(ORDERS,)
        ),
    ),
)
"""


def test_a_cancelled_run_is_interrupted_and_its_ledger_whole(acme: Acme, tmp_path: Path) -> None:
    """SIGINT to the run's process, as Dagster sends it, while a source says nothing."""
    write(tmp_path, py=WAITING)
    reached, out = tmp_path / "reached", tmp_path / "out"
    environ = {"ERP_URL": str(reached), "ERP_PASSWORD": "none", "SEATRIAL_OUT": str(out)}
    with subprocess.Popen(
        [BIN / "dagster", "job", "execute", "-m", "harness.definitions", "-j", "prove"],
        cwd=tmp_path,
        env=acme.environ | environ | {"DAGSTER_HOME": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        while not reached.exists():
            assert process.poll() is None
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) != 0
    with open_ledger(out / "ledger.sqlite") as ledger:
        entries = list(ledger.entries())
        assert list(breaks(iter(entries))) == []
        assert [entry.kind for entry in entries][-1] == "interrupted"
        assert ledger.state(entries[0].run) == "INTERRUPTED"


def test_a_run_belongs_to_the_night_of_its_tag(
    acme: Acme, loaded: LoadedPilot, instance: dg.DagsterInstance, tmp_path: Path
) -> None:
    refunds = keys.proven(loaded.pilot, "web-shop", "refunds")
    part = run(
        loaded,
        instance,
        tmp_path,
        acme.sources,
        asset_selection=[refunds, keys.evidence(loaded.pilot)],
        tags={SLOT_TAG: "2026-10-31"},
    )
    assert date.fromisoformat(part.document["slot"]) == date(2026, 10, 31)
