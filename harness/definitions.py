"""What Dagster loads. Loading does not connect, reads no secret and needs no source's variable.

Users name it as `seatrial.dagster`. To serve your own engagement, set `SEATRIAL_PILOT`, or call
`seatrial.dagster.build(Path(__file__).parent)` in a module that your `workspace.yaml` names.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg

from harness.box.process import leave_no_core
from harness.dagster import assets as dagster_assets
from harness.dagster import drift, gate, keys, models, nightly, plain, run
from harness.errors import ConfigurationError
from harness.pilot import place
from harness.pilot.model import LoadedPilot
from harness.pilot.plan import plan
from harness.run.slot import slot

if TYPE_CHECKING:
    from harness.run.config import RunConfig
    from harness.run.data import Answer
    from harness.signoff.decision import Decision


def build(
    loaded: LoadedPilot,
    *,
    environment: str = "dev",
    out: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    ledger: str | None = None,
) -> dg.Definitions:
    """A pilot's assets and checks, the job `prove` for all of them, the jobs beside it
    (`harness/dagster/drift.py`), and its schedules.

    Steps run one after the other in the run's own process. Dagster must not retry them, because
    the connectors retry and attempts would be counted twice.
    """
    folder = (out or place.results(loaded.pilot.name)).resolve()
    planned = plan(loaded.pilot)
    here = place.Place(loaded=loaded, folder=loaded.folder, environment=environment, out=folder)
    assets = dagster_assets.assets(loaded, planned, out=folder)
    prove = dg.define_asset_job(
        "prove",
        selection=dg.AssetSelection.assets(
            *(key for a in assets if isinstance(a, dg.AssetsDefinition) for key in a.keys)
        ),
        description=plain.markdown(
            f"Prove everything of {loaded.settings.title!r}, in {environment}."
        ),
    )

    def configure(of: dg.DagsterRun) -> RunConfig:
        from harness.ledger.ledger import utc_now  # loading definitions needs no run
        from harness.run.config import RunConfig
        from harness.run.launch import launch_by

        due_at = run.due_at(of.tags, now=utc_now())
        return RunConfig(
            loaded=loaded,
            environment=environment,
            slot=slot(of.tags.get(run.SLOT_TAG), zone=loaded.zone, now=due_at),
            due_at=due_at,
            planned=keys.selected(loaded.pilot, planned, of),
            out=folder,
            environ=environ,
            ledger=ledger,
            launch=launch_by(run.launcher(of.tags)),
            run_id=of.run_id,
        )

    def configure_drift(of: dg.DagsterRun) -> RunConfig:
        from harness.run.config import Job
        from harness.run.drift import plan_drift

        return replace(configure(of), planned=plan_drift(loaded.pilot), job=Job.DRIFT)

    def decide() -> Decision:
        from harness.dagster import gate_now

        return gate_now.decide(here, ledger=ledger, environ=environ)

    def proven(dataset: str) -> Answer:
        from harness.run.data import data

        return data(here, dataset, reference=ledger, environ=environ)

    trained = models.assets(loaded.pilot, proven, out=folder)
    train = dg.define_asset_job(
        gate.TRAIN,
        selection=dg.AssetSelection.assets(*(key for one in trained for key in one.keys))
        | dg.AssetSelection.checks(keys.gate(loaded.pilot)),
        description="Ask the gate, and make the models if it is open.",
    )
    jobs: dict[str, nightly.Job] = {
        "prove": prove,
        drift.NIGHTLY_DRIFT: drift.look(loaded, configure_drift),
        drift.APPROVE: drift.approval(
            loaded, environment=environment, out=folder, ledger=ledger, environ=environ
        ),
    }

    return dg.Definitions(
        assets=[*assets, gate.asset(loaded.pilot), *trained],
        asset_checks=[gate.check(loaded.pilot, decide)],
        jobs=[*jobs.values(), train],
        schedules=[nightly.schedule(one, jobs[one.job]) for one in loaded.schedules],
        resources={dagster_assets.RUN: run.resource(configure)},
        executor=dg.in_process_executor,
    )


def train(here: place.Place, environ: Mapping[str, str]) -> list[str]:
    """Ask a pilot's gate and make its models, in this process; a line for each one made.

    Raises ConfigurationError where one is not made.
    """
    built = build(here.loaded, environment=here.environment, out=here.out, environ=environ)
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    untold = {"telemetry": {"enabled": False}}
    with dg.DagsterInstance.ephemeral(settings=untold) as instance:
        result = built.resolve_job_def(gate.TRAIN).execute_in_process(
            instance=instance, raise_on_error=False, run_config=quiet
        )
    if not result.success:
        failed = [one.step_failure_data.error for one in result.get_step_failure_events()]
        why = "; ".join(one.message.strip() for one in failed if one is not None)
        raise ConfigurationError(f"no model was made: {why or 'the gate is not open'}")
    return [
        f"made {one.asset_key.path[-1].removesuffix('.model')} in {one.metadata['folder'].value}"
        for event in result.get_asset_materialization_events()
        for one in [event.step_materialization_data.materialization]
    ]


@dg.definitions
def defs() -> dg.Definitions:
    """The pilot that `SEATRIAL_PILOT`, `SEATRIAL_ENV`, `SEATRIAL_OUT` and `SEATRIAL_LEDGER`
    select, or the one here.
    """
    leave_no_core()
    # `seatrial ui` starts Dagster in an empty folder, because it reads a `.env` of that one.
    os.chdir(place.folder(os.environ))
    with _without_collector():
        here = place.from_environ(os.environ, start=Path.cwd())
        found = build(
            here.loaded,
            environment=here.environment,
            out=here.out,
            ledger=place.ledger(os.environ),
        )
        found.get_repository_def().get_all_jobs()  # what Dagster asks for next; it keeps them
    return found


@contextmanager
def _without_collector() -> Iterator[None]:
    """Keep the garbage collector from scanning what is loaded, as it lives as long as the process.
    Scanning took a quarter of the time to load 1,000 datasets.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
