"""What Dagster shows of a pilot: before any run, and after one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg

from harness import definitions
from harness.claims import look_up
from harness.claims.nights import date_in
from harness.dagster import keys
from harness.dagster.nightly import request
from harness.dagster.run import DUE_TAG, SLOT_TAG
from harness.pilot import loading
from harness.pilot.model import LoadedPilot
from harness.pilot.plan import plan
from harness.pilot.schedule_settings import Timetable
from tests.harness.acme_layout import Acme
from tests.harness.dagster_proven import Proven


def test_every_planned_check_has_an_evaluation_of_the_right_severity(proven: Proven) -> None:
    evaluated = {
        (e.asset_key, e.check_name): e
        for e in proven.result.get_asset_check_evaluations()
        if e.asset_check_key != keys.ready(proven.loaded.pilot)
    }
    verdicts = {(v["source"], v["dataset"], v["claim"]): v for v in proven.document["verdicts"]}
    acme = proven.loaded.pilot
    assert len(evaluated) == len(verdicts) == len(plan(acme))
    for planned in plan(acme):
        key = keys.check(acme, planned)
        found = evaluated[key.asset_key, key.name]
        verdict = verdicts[planned.source, planned.dataset, planned.claim]
        outcome = verdict["outcome"]
        assert found.passed is (outcome in ("PROVEN", "WAIVED"))
        if not found.passed:
            warned = found.severity is dg.AssetCheckSeverity.WARN
            assert warned is (outcome in ("UNPROVEN", "STALE"))
        said = {name: value.value for name, value in found.metadata.items()}
        table = said.pop("failed_rules", None)
        assert said.pop("meaning")
        elsewhere = ("source", "dataset", "claim", "failed_rules", "measures")
        told = {k: verdict[k] for k in verdict if k not in elsewhere}
        assert said == {**told, **verdict.get("measures", {})}
        assert all(type(value) in (str, int, float) for value in said.values())
        assert (table is not None) is ("failed_rules" in verdict)
    assert {v["outcome"] for v in verdicts.values()} == {"PROVEN", "UNPROVEN", "BROKEN"}


def test_evidence_is_made_and_then_the_verdict_fails_the_run(proven: Proven) -> None:
    acme = proven.loaded.pilot
    said = proven.metadata(keys.evidence(acme))
    owed = len(plan(acme))
    assert said["planned"] == said["executed"] == owed
    assert said["broken"] == 3
    assert said["ready"] is False
    assert Path(said["report"]).is_file()
    assert Path(said["verdicts_json"]).is_file()
    assert Path(said["run_log"]).is_file()
    assert proven.instance.get_latest_materialization_event(keys.verdict(acme)) is None
    (failed,) = proven.result.get_step_failure_events()
    assert failed.step_key == "verdict"
    assert failed.step_failure_data.user_failure_data is not None
    why = failed.step_failure_data.user_failure_data.description
    assert why == (
        f"3 of {owed} claims are broken or could not be judged: web-shop.orders conforms BROKEN, "
        "outlet.access owned BROKEN, outlet.orders conforms BROKEN"
    )
    assert proven.result.retry_attempts_for_node("verdict") == 0


def test_readings_show_as_numbers_and_columns(proven: Proven) -> None:
    acme = proven.loaded.pilot
    said = proven.metadata(keys.proven(acme, "web-shop", "orders"))
    assert said["rows"] == said["dagster/row_count"] == 200
    assert 0 < said["lag_seconds"] < 24 * 3600
    assert type(said["attempts"]) is int
    assert said["waited_seconds"] == 0
    assert len(said["sha256"]) == 64
    landed = {c.name: c for c in said["dagster/column_schema"].columns}
    assert landed["ordered_at"].type == "timestamp[us, tz=UTC]"
    assert landed["total"].description == "To pay, in euros"
    assert landed["_rescued"].description.startswith("added by Seatrial: values")


def test_external_assets_are_observed(proven: Proven) -> None:
    key = keys.at_source(proven.loaded.pilot, "web-shop", "orders")
    observed = proven.instance.fetch_observations(key, limit=1).records
    (record,) = observed
    assert record.asset_observation is not None
    assert record.asset_observation.metadata["answered"].value is True


def test_definitions_need_no_variable_and_touch_no_source(acme: Acme) -> None:
    made = definitions.build(loading.load(acme.folder), environ={})
    graph = made.resolve_asset_graph()
    acme_pilot = loading.load(acme.folder).pilot
    external = {k for k in graph.get_all_asset_keys() if graph.get(k).is_external}
    at_sources = {
        keys.at_source(acme_pilot, s.name, c.name) for s in acme_pilot.sources for c in s.contracts
    }
    assert external == {*at_sources, keys.gate(acme_pilot).asset_key}
    claims = graph.asset_check_keys - {keys.ready(acme_pilot), keys.gate(acme_pilot)}
    assert len(claims) == len(graph.asset_check_keys) - 2
    assert claims == {keys.check(acme_pilot, p) for p in plan(acme_pilot)}
    assert {keys.planned(key) for key in claims} == set(plan(acme_pilot))
    last = [key.path[-1] for key in external]
    own = [key.path[-1] for key in graph.get_all_asset_keys() - external]
    assert not set(last) & set(own)


def test_assets_carry_owners_kinds_columns_and_the_contracts_digest(
    loaded: LoadedPilot,
) -> None:
    graph = definitions.build(loaded).resolve_asset_graph()
    orders = graph.get(keys.proven(loaded.pilot, "web-shop", "orders"))
    assert list(orders.owners) == ["ada@acme.example", "team:Jonas Lind, shop operations"]
    assert orders.metadata["escalation"] == "shop-oncall, within 30 minutes"
    assert orders.kinds == {"parquet"}
    assert orders.group_name == "web_shop"
    assert orders.description == "One row per order"
    assert len(orders.code_version or "") == 64
    schema = orders.metadata["dagster/column_schema"]
    assert [c.name for c in schema.columns] == ["order_key", "total", "voucher", "ordered_at"]
    assert graph.get(keys.at_source(loaded.pilot, "outlet", "orders")).kinds == {"sqlite"}
    assert graph.get(keys.proven(loaded.pilot, "outlet", "orders")).owners == []


def test_checks_say_when_their_claim_is_true(loaded: LoadedPilot) -> None:
    graph = definitions.build(loaded).resolve_asset_graph()
    for planned in plan(loaded.pilot):
        check = graph.get_check_spec(keys.check(loaded.pilot, planned))
        assert check.description == f"True when {look_up(planned.claim).true_when}."


def test_the_night_of_a_scheduled_run_is_the_day_it_was_due_in_the_pilots_zone(
    loaded: LoadedPilot,
) -> None:
    """22:30 UTC is half past midnight of the next day in Berlin."""
    nightly = definitions.build(_with_night(loaded, armed=True)).resolve_schedule_def("nightly")
    assert nightly.cron_schedule == "30 3 * * *"
    assert nightly.execution_timezone == "Europe/Berlin"
    assert nightly.default_status is dg.DefaultScheduleStatus.RUNNING
    assert nightly.job_name == "prove"
    due = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    night, _ = loaded.schedules
    asked = request(replace(night, armed=True), due=due, now=due + timedelta(hours=9))
    assert isinstance(asked, dg.RunRequest)
    assert asked.tags == {SLOT_TAG: "2026-07-02", DUE_TAG: "2026-07-01T22:30:00+00:00"}


def test_a_night_that_is_not_armed_is_off_and_starts_nothing_by_hand(loaded: LoadedPilot) -> None:
    nightly = definitions.build(_with_night(loaded, armed=False)).resolve_schedule_def("nightly")
    assert nightly.default_status is dg.DefaultScheduleStatus.STOPPED
    due = dg.build_schedule_context(scheduled_execution_time=datetime.now(UTC))
    tick = nightly.evaluate_tick(due)
    assert not tick.run_requests
    assert 'nightly: {at: "03:30", armed: true} in pilot.yaml' in str(tick.skip_message)


def test_a_look_for_drift_is_armed_by_itself(loaded: LoadedPilot) -> None:
    armed = {"drift": Timetable(at="01:15", armed=True)}
    pilot = replace(loaded, settings=loaded.settings.model_copy(update=armed))
    drift = definitions.build(pilot).resolve_schedule_def("drift")
    assert (drift.job_name, drift.cron_schedule) == ("nightly_drift", "15 1 * * *")
    assert drift.default_status is dg.DefaultScheduleStatus.RUNNING
    due = dg.build_schedule_context(scheduled_execution_time=datetime.now(UTC))
    (asked,) = drift.evaluate_tick(due).run_requests or ()
    assert asked.tags[SLOT_TAG] == f"{date_in(loaded.zone, datetime.now(UTC))}"


def test_a_tick_that_comes_too_late_starts_nothing(loaded: LoadedPilot) -> None:
    """What is read today says nothing about yesterday. The twin: an hour late is in time."""
    nightly = definitions.build(_with_night(loaded, armed=True)).resolve_schedule_def("nightly")
    for late, runs in ((timedelta(hours=1), 1), (timedelta(hours=13), 0)):
        due = datetime.now(UTC) - late
        tick = nightly.evaluate_tick(dg.build_schedule_context(scheduled_execution_time=due))
        assert len(tick.run_requests or ()) == runs
    assert f"night {date_in(loaded.zone, due)} was missed" in str(tick.skip_message)


def _with_night(loaded: LoadedPilot, *, armed: bool) -> LoadedPilot:
    night = {"nightly": Timetable(at="03:30", armed=armed)}
    return replace(loaded, settings=loaded.settings.model_copy(update=night))
