"""No model is made in Dagster unless the gate said, in the same run, that it is open."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import dagster as dg
import pytest

from harness.dagster import gate, keys, models
from harness.pilot.model import Model, Pilot
from harness.run.data import Answer
from harness.signoff.decision import Decision, Held, Name, Refusal

HELD = Held(check="bundle", says="it is what was signed")
OPEN = Decision(checks=(HELD,), conditions=(), practice=True)
CLOSED = Decision(
    checks=(HELD, Refusal(check="legal", name=Name.HALF_SIGNED, says="Legal has not signed")),
    conditions=(),
    practice=True,
)


def count(data: Mapping[str, Path], to: Path) -> None:
    lines = {name: len(file.read_text().splitlines()) for name, file in data.items()}
    (to / "lines").write_text(str(lines))


PILOT = Pilot(
    name="acme",
    sources=(),
    models=(Model(name="late", reads=("outlet.orders",), train=count),),
)
MODEL = keys.model(PILOT, "late")


@pytest.fixture
def rows(tmp_path: Path) -> Answer:
    file = tmp_path / "orders"
    file.write_text("1\n2\n")
    return Answer(code=0, says=f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file}")


def silent(pilot: Pilot) -> dg.AssetChecksDefinition:
    """A gate whose body yields nothing, as `can_subset` allows."""
    key = keys.gate(pilot)

    @dg.multi_asset_check(
        name="gate",
        specs=[dg.AssetCheckSpec(key.name, asset=key.asset_key, blocking=True)],
        can_subset=True,
    )
    def nothing() -> Iterator[dg.AssetCheckResult]:
        yield from ()

    return nothing


@pytest.fixture
def dagster() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def train(
    dagster: dg.DagsterInstance,
    check: dg.AssetChecksDefinition,
    made: list[dg.AssetsDefinition],
    *,
    asked: bool = True,
) -> dg.ExecuteInProcessResult:
    selection = dg.AssetSelection.assets(*(key for one in made for key in one.keys))
    if asked:
        selection |= dg.AssetSelection.checks(keys.gate(PILOT))
    found = dg.Definitions(
        assets=[
            dg.AssetSpec(keys.evidence(PILOT)),
            dg.AssetSpec(keys.gate(PILOT).asset_key),
            *made,
        ],
        asset_checks=[check],
        jobs=[dg.define_asset_job("train", selection=selection)],
        executor=dg.in_process_executor,
    )
    job = found.resolve_job_def("train")
    return job.execute_in_process(instance=dagster, raise_on_error=False)


def told(result: dg.ExecuteInProcessResult) -> str:
    failed = [one.step_failure_data.error for one in result.get_step_failure_events()]
    return " ".join(one.message for one in failed if one is not None)


def test_an_open_gate_lets_the_model_be_made_of_proven_data_by_digest(
    dagster: dg.DagsterInstance, rows: Answer, tmp_path: Path
) -> None:
    made = models.assets(PILOT, lambda _: rows, out=tmp_path)
    result = train(dagster, gate.check(PILOT, lambda: OPEN), made)
    assert result.success
    event = dagster.get_latest_materialization_event(MODEL)
    assert event is not None
    assert event.asset_materialization is not None
    said = event.asset_materialization.metadata
    assert rows.says.startswith(str(said["read outlet.orders"].value))
    assert (tmp_path / "models" / "late" / "lines").read_text() == "{'outlet.orders': 2}"
    [checked] = result.get_asset_check_evaluations()
    assert checked.passed
    assert "practice" in str(checked.description)


def test_a_closed_gate_says_why_and_no_model_is_made(
    dagster: dg.DagsterInstance, rows: Answer, tmp_path: Path
) -> None:
    made = models.assets(PILOT, lambda _: rows, out=tmp_path)
    result = train(dagster, gate.check(PILOT, lambda: CLOSED), made)
    assert not result.success
    assert dagster.get_latest_materialization_event(MODEL) is None
    [checked] = result.get_asset_check_evaluations()
    assert not checked.passed
    assert checked.metadata["half-signed"].value == "Legal has not signed"


def test_a_gate_that_yields_nothing_lets_no_model_be_made(
    dagster: dg.DagsterInstance, rows: Answer, tmp_path: Path
) -> None:
    made = models.assets(PILOT, lambda _: rows, out=tmp_path)
    result = train(dagster, silent(PILOT), made)
    assert not result.success
    assert dagster.get_latest_materialization_event(MODEL) is None
    assert "the check gate said nothing in this run" in told(result)


def test_dagster_alone_would_make_it(dagster: dg.DagsterInstance) -> None:
    """The control: the same silent gate, and a model that does not ask."""

    @dg.multi_asset(
        name="careless", specs=[dg.AssetSpec(MODEL, deps=[keys.gate(PILOT).asset_key])]
    )
    def careless() -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(MODEL)

    result = train(dagster, silent(PILOT), [careless])
    assert result.success
    assert dagster.get_latest_materialization_event(MODEL) is not None


def test_a_model_that_is_selected_without_the_gate_is_not_made(
    dagster: dg.DagsterInstance, rows: Answer, tmp_path: Path
) -> None:
    made = models.assets(PILOT, lambda _: rows, out=tmp_path)
    result = train(dagster, gate.check(PILOT, lambda: OPEN), made, asked=False)
    assert not result.success
    assert dagster.get_latest_materialization_event(MODEL) is None
    assert "select the check with the model" in told(result)


def test_an_open_gate_over_data_that_is_not_proven_makes_no_model(
    dagster: dg.DagsterInstance, tmp_path: Path
) -> None:
    unproven = Answer(code=3, says="outlet.orders of run 7 is not proven: fresh is UNPROVEN")
    made = models.assets(PILOT, lambda _: unproven, out=tmp_path)
    result = train(dagster, gate.check(PILOT, lambda: OPEN), made)
    assert not result.success
    assert dagster.get_latest_materialization_event(MODEL) is None
    assert "is not proven" in told(result)
