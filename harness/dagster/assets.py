"""A pilot as Dagster's assets: each source's tables and their readings, and what all came to.

    source tables (external) ─▶ one step per source ─▶ reconcile ─▶ evidence ─▶ verdict

An asset is a reading, and a failed reading is a fact as well: it materializes, and its checks say
what it is worth. So evidence is always made, and only the step after it fails the run.
"""

# No `from __future__ import annotations`: Dagster compares the class of `context`, not its name.
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import dagster as dg

from harness.claims import rests_on_several
from harness.dagster import keys, metadata, specs
from harness.facts import ContractProblem, Overlap
from harness.pilot.model import LoadedPilot, Pilot, Source
from harness.result import Judged, Planned
from harness.run.lifecycle import finish
from harness.run.prove import publish
from harness.run.reconcile import reconcile
from harness.run.run import Run
from harness.run.source import prove_source

RUN = "run"
"""The resource that all steps share."""
GROUP = "evidence"
A_NIGHT_OLD = timedelta(hours=26)
"""Evidence is made every night, and a night may take two hours longer than the one before. How
fresh the data are is a claim: a reading that failed is made as well, and proves nothing.
"""


def assets(
    loaded: LoadedPilot, planned: Sequence[Planned], *, out: Path
) -> list[dg.AssetsDefinition | dg.AssetSpec]:
    """Everything of one pilot, whose whole plan is `planned`."""
    found: list[dg.AssetsDefinition | dg.AssetSpec] = []
    alone, across = defaultdict[str, list[Planned]](list), list[Planned]()
    for p in planned:
        (across if rests_on_several(p.claim) else alone[p.source]).append(p)
    for source in loaded.pilot.sources:
        found += [specs.at_source(loaded, source, contract) for contract in source.contracts]
        found.append(_proven(loaded, source, alone[source.name]))
    reconciled = specs.reconciled(loaded.pilot, across)
    if reconciled:
        found.append(_reconciled(loaded.pilot, reconciled, across))
    return [*found, _evidence(loaded, reconciled, out), _verdict(loaded.pilot)]


def _proven(
    loaded: LoadedPilot, source: Source, planned: Sequence[Planned]
) -> dg.AssetsDefinition:
    """One step that reads a source: its way in and its datasets, each with a check per claim."""
    pilot = loaded.pilot
    made_of = specs.proven(loaded, source)

    @dg.multi_asset(
        name=f"prove_{keys.name(source.name)}",
        description=f"Read {source.name}, hold it against its contracts and judge every claim.",
        specs=made_of,
        check_specs=specs.checks(pilot, planned),
        group_name=keys.name(source.name),
        can_subset=True,
        required_resource_keys={RUN},
    )
    def prove(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        run: Run = replace(context.resources.run, progress=_told(context.log.info))
        verdicts = prove_source(run, source.name)
        readings = run.state.readings_of(source.name)
        endpoint = run.systems[source.name].connector.endpoint
        for reading in readings:
            context.log_event(
                dg.AssetObservation(
                    keys.at_source(pilot, source.name, reading.dataset),
                    metadata=metadata.of_source(reading, endpoint),
                )
            )
        made: dict[dg.AssetKey, metadata.Metadata] = {keys.proven(pilot, source.name, None): {}}
        for fact in run.state.facts_of(source.name):
            if isinstance(fact, ContractProblem):
                made[keys.proven(pilot, source.name, fact.dataset)] = {"complaint": fact.text}
        for reading in readings:
            contract = next(c for c in source.contracts if c.name == reading.dataset)
            made[keys.proven(pilot, source.name, contract.name)] = metadata.of_reading(
                reading, contract
            )
        for spec in made_of:
            if spec.key in context.selected_asset_keys:
                yield dg.MaterializeResult(spec.key, metadata=made[spec.key])
        for one in verdicts:
            yield _checked(pilot, one)

    return prove


def _reconciled(
    pilot: Pilot, made_of: list[dg.AssetSpec], planned: Sequence[Planned]
) -> dg.AssetsDefinition:
    """One step that holds datasets together, after all of them have been read."""

    @dg.multi_asset(
        name="reconcile",
        description="Look for the keys of one dataset in another and compare their amounts.",
        specs=made_of,
        check_specs=specs.checks(pilot, planned),
        can_subset=True,
        required_resource_keys={RUN},
    )
    def reconciled(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        run: Run = replace(context.resources.run, progress=_told(context.log.info))
        for one in reconcile(run):
            key = keys.check(pilot, one.planned).asset_key
            if key in context.selected_asset_keys:
                of_source = run.state.facts_of(one.planned.source)
                found = [fact for fact in of_source if isinstance(fact, Overlap)]
                yield dg.MaterializeResult(key, metadata=metadata.of_overlaps(one.planned, found))
            yield _checked(pilot, one)

    return reconciled


def _checked(pilot: Pilot, one: Judged) -> dg.AssetCheckResult:
    key = keys.check(pilot, one.planned)
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=metadata.passed(one.verdict.outcome),
        severity=metadata.severity(one.verdict.outcome),
        description=f"{one.verdict.outcome}: {one.verdict.because}",
        metadata=metadata.of_verdict(one),
    )


def _evidence(
    loaded: LoadedPilot, reconciled: Sequence[dg.AssetSpec], out: Path
) -> dg.AssetsDefinition:
    pilot = loaded.pilot
    spec = dg.AssetSpec(
        key=keys.evidence(pilot),
        description="The report and the verdicts of one run, whatever they say.",
        deps=[
            *(
                keys.proven(pilot, source.name, dataset)
                for source in pilot.sources
                for dataset in (None, *(contract.name for contract in source.contracts))
            ),
            *(spec.key for spec in reconciled),
        ],
        group_name=GROUP,
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=A_NIGHT_OLD),
    )

    @dg.multi_asset(name="evidence", specs=[spec], required_resource_keys={RUN})
    def evidence(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        run = _whole(context.resources.run)
        result = finish(run)
        publish(result, out)
        return dg.MaterializeResult(
            metadata={
                "report": dg.MetadataValue.path(out / "report.html"),
                "verdicts_json": dg.MetadataValue.path(out / "verdicts.json"),
                "run_log": dg.MetadataValue.path(run.config.log),
                **metadata.of_result(result),
            }
        )

    return evidence


def _verdict(pilot: Pilot) -> dg.AssetsDefinition:
    spec = dg.AssetSpec(
        key=keys.verdict(pilot),
        description="Fails the run when a claim is broken or could not be judged.",
        deps=[keys.evidence(pilot)],
        group_name=GROUP,
    )

    @dg.multi_asset(name="verdict", specs=[spec], required_resource_keys={RUN})
    def verdict(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        run = _whole(context.resources.run)
        planned = run.config.planned
        wrong = metadata.wrong(run.state.verdicts(planned))
        if wrong:
            raise dg.Failure(
                f"{len(wrong)} of {len(planned)} claims are broken or could not be judged: "
                + ", ".join(wrong),
                metadata=wrong,
                allow_retries=False,
            )
        told = metadata.uncovered(run.uncovered)
        return dg.MaterializeResult(metadata={"claims": len(planned), **told})

    return verdict


def _whole(run: Run) -> Run:
    """The run with all its verdicts; one that was resumed in the middle has none to show."""
    if run.state.unjudged():
        raise dg.Failure(
            "this run did not read its sources itself: start a new run of job prove",
            allow_retries=False,
        )
    return run


def _told(say: Callable[[str], None]) -> Callable[[str, str | None, str, int], None]:
    """Progress as lines of Dagster's log, one for each stage."""
    last: tuple[str | None, str] | None = None

    def progress(source: str, dataset: str | None, stage: str, rows: int) -> None:
        nonlocal last
        if last != (dataset, stage):
            last = (dataset, stage)
            say(f"{dataset or source}: {stage}" + (f", {rows:,} rows" if rows else ""))

    return progress
