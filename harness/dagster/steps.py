"""What the steps of a run do. Imported by the first of them: what only definitions are loaded for
need not wait for what reads, lands and reports.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import dagster as dg

from harness.dagster import calendar, freshness, keys, metadata, plain, trends
from harness.dagster.coordinator import is_ours
from harness.dagster.sentence import Sentence
from harness.dagster.web.addresses import BUNDLES, REPORT, RESULTS
from harness.facts import ContractProblem, Overlap
from harness.pilot.model import Pilot, Source
from harness.report import excused, summary
from harness.report.calendar import Night, markdown
from harness.result import Judged
from harness.run.lifecycle import finish, so_far
from harness.run.prove import publish
from harness.run.reconcile import reconcile
from harness.run.run import Run
from harness.run.source import prove_source
from harness.signals import held

Results: TypeAlias = Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]

_NAMED = 10
"""Claims that one sentence names."""


def prove(
    context: dg.AssetExecutionContext,
    pilot: Pilot,
    source: Source,
    made_of: Sequence[dg.AssetSpec],
) -> Results:
    """Read a source and judge it; a reading that failed is a fact, and materializes as well."""
    run = _told(context)
    verdicts = prove_source(run, source.name)
    freshness.follow(context, pilot, verdicts)
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
            made[keys.proven(pilot, source.name, fact.dataset)] = {
                "complaint": plain.text(fact.text)
            }
    for reading in readings:
        contract = next(c for c in source.contracts if c.name == reading.dataset)
        made[keys.proven(pilot, source.name, contract.name)] = {
            **metadata.of_reading(reading, contract),
            **trends.of_dataset(reading, run.state.facts_of(source.name), verdicts),
        }
    for spec in made_of:
        if spec.key in context.selected_asset_keys:
            yield dg.MaterializeResult(spec.key, metadata=made[spec.key])
    for one in verdicts:
        yield _checked(pilot, one)


def reconcile_all(context: dg.AssetExecutionContext, pilot: Pilot) -> Results:
    """Judge what rests on several datasets."""
    run = _told(context)
    for one in reconcile(run):
        key = keys.check(pilot, one.planned).asset_key
        if key in context.selected_asset_keys:
            of_source = run.state.facts_of(one.planned.source)
            found = [fact for fact in of_source if isinstance(fact, Overlap)]
            yield dg.MaterializeResult(key, metadata=metadata.of_overlaps(one.planned, found))
        yield _checked(pilot, one)


def write_evidence(context: dg.AssetExecutionContext, out: Path) -> dg.MaterializeResult[None]:
    """Finish the run and publish its result."""
    run = _whole(context.resources.run)
    with held():
        result = finish(run)
        publish(result, run.config.published)
    for line in filter(None, (*result.untold, run.teller.beat(result))):
        context.log.warning(plain.text(line))
    seen = calendar.nights(
        run.ledger, pilot=result.pilot, environment=result.environment, last=result.slot
    )
    return dg.MaterializeResult(
        metadata={
            **_where(out, served=is_ours(context.instance)),
            "run_log": dg.MetadataValue.path(run.config.log),
            **metadata.of_result(result),
            "calendar": dg.MetadataValue.md(markdown(seen, result.slot)),
            **{f"nights_{one}": list(seen.values()).count(one) for one in Night},
        }
    )


def _where(out: Path, *, served: bool) -> metadata.Metadata:
    """Where people look: over HTTP where our own door stands before Dagster, else on disk."""
    if not served:
        return {
            "report": dg.MetadataValue.path(out / "report.html"),
            "verdicts_json": dg.MetadataValue.path(out / "verdicts.json"),
        }
    return {
        "report": dg.MetadataValue.url(REPORT),
        "verdicts_json": dg.MetadataValue.url(f"{RESULTS}/verdicts.json"),
        "bundles": dg.MetadataValue.url(BUNDLES),
    }


def tell_verdict(context: dg.AssetExecutionContext, pilot: Pilot) -> Results:
    """Check whether the run is ready. Raise a failure when a claim is broken or could not be
    judged.
    """
    run = _whole(context.resources.run)
    planned = run.config.planned
    result = so_far(run)
    ready = keys.ready(pilot)
    yield dg.AssetCheckResult(
        asset_key=ready.asset_key,
        check_name=ready.name,
        passed=result.ready,
        severity=metadata.severity_of_all(result.judged),
        description=plain.markdown(f"{summary.headline(result)}. {summary.reason(result)}"),
        metadata=metadata.in_the_way(result),
    )
    wrong = metadata.wrong(run.verdicts(planned))
    if wrong:
        more = f" and {len(wrong) - _NAMED} more" if len(wrong) > _NAMED else ""
        raise Sentence(
            f"{len(wrong)} of {len(planned)} claims are broken or could not be judged: "
            + ", ".join([*wrong][:_NAMED])
            + more,
            metadata=wrong,
        )
    told = metadata.uncovered(run.uncovered)
    yield dg.MaterializeResult(ready.asset_key, metadata={"claims": len(planned), **told})


def _checked(pilot: Pilot, one: Judged) -> dg.AssetCheckResult:
    key = keys.check(pilot, one.planned)
    return dg.AssetCheckResult(
        asset_key=key.asset_key,
        check_name=key.name,
        passed=metadata.passed(one.outcome),
        severity=metadata.severity(one.outcome),
        description=plain.markdown(f"{one.outcome}: {excused.because(one)}"),
        metadata=metadata.of_verdict(one),
    )


def _whole(run: Run) -> Run:
    """The run with all its verdicts; one that was resumed in the middle has none to show."""
    if run.state.unjudged():
        raise Sentence("this run did not read its sources itself: start a new run of job prove")
    return run


def _told(context: dg.AssetExecutionContext) -> Run:
    """The run, with its progress as lines of Dagster's log."""
    run: Run = replace(context.resources.run, progress=_progress(context.log.info))
    return run


def _progress(say: Callable[[str], None]) -> Callable[[str, str | None, str, int], None]:
    """Progress as lines of Dagster's log, one for each stage."""
    last: tuple[str | None, str] | None = None

    def progress(source: str, dataset: str | None, stage: str, rows: int) -> None:
        nonlocal last
        if last != (dataset, stage):
            last = (dataset, stage)
            say(f"{dataset or source}: {stage}" + (f", {rows:,} rows" if rows else ""))

    return progress
