"""A pilot as Dagster's assets: each source's tables and their readings, and what all came to.

    source tables (external) ─▶ one step per source ─▶ reconcile ─▶ evidence ─▶ verdict

An asset is a reading, and a failed reading is a fact as well: it materializes, and its checks say
what it is worth. So evidence is always made, and only the step after it fails the run. What a step
does is in `steps.py`.
"""

# No `from __future__ import annotations`: Dagster compares the class of `context`, not its name.
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg

from harness.claims import rests_on_several
from harness.dagster import keys, specs
from harness.dagster.sentence import in_one_sentence
from harness.pilot.model import LoadedPilot, Pilot, Source
from harness.result import Planned

RUN = "run"
"""The resource that all steps share."""
GROUP = "evidence"


def assets(
    loaded: LoadedPilot, planned: Sequence[Planned], *, out: Path
) -> list[dg.AssetsDefinition | dg.AssetSpec]:
    """Everything of one pilot, whose whole plan is `planned`."""
    found: list[dg.AssetsDefinition | dg.AssetSpec] = []
    alone, across = defaultdict[str, list[Planned]](list), list[Planned]()
    for p in planned:
        (across if rests_on_several(p.claim) else alone[p.source]).append(p)
    for source in loaded.pilot.sources:
        promised = specs.promised(loaded, source)
        found += specs.at_source(loaded, source, promised)
        made_of = specs.proven(loaded, source, promised)
        found.append(_proven(loaded.pilot, source, made_of, alone[source.name]))
    reconciled = specs.reconciled(loaded.pilot, across)
    if reconciled:
        found.append(_reconciled(loaded.pilot, reconciled, across))
    return [*found, _evidence(loaded, reconciled, out), _verdict(loaded.pilot)]


def _proven(
    pilot: Pilot, source: Source, made_of: list[dg.AssetSpec], planned: Sequence[Planned]
) -> dg.AssetsDefinition:
    """One step that reads a source: its way in and its datasets, each with a check per claim."""

    @dg.multi_asset(
        name=f"prove_{keys.name(source.name)}",
        description=f"Read {source.name}, hold it against its contracts and judge every claim.",
        specs=made_of,
        check_specs=specs.checks(pilot, planned),
        can_subset=True,
        required_resource_keys={RUN},
    )
    def prove(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        from harness.dagster import steps

        with in_one_sentence():
            yield from steps.prove(context, pilot, source, made_of)

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
        from harness.dagster import steps

        with in_one_sentence():
            yield from steps.reconcile_all(context, pilot)

    return reconciled


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
    )

    @dg.multi_asset(name="evidence", specs=[spec], required_resource_keys={RUN})
    def evidence(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        from harness.dagster import steps

        with in_one_sentence():
            return steps.write_evidence(context, out)

    return evidence


def _verdict(pilot: Pilot) -> dg.AssetsDefinition:
    spec = dg.AssetSpec(
        key=keys.verdict(pilot),
        description="Fails the run when a claim is broken or could not be judged.",
        deps=[keys.evidence(pilot)],
        group_name=GROUP,
    )

    @dg.multi_asset(
        name="verdict",
        specs=[spec],
        check_specs=[specs.ready(pilot)],
        required_resource_keys={RUN},
    )
    def verdict(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        from harness.dagster import steps

        with in_one_sentence():
            yield from steps.tell_verdict(context, pilot)

    return verdict
