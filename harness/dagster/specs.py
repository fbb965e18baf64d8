"""What Dagster knows of a pilot's parts before any run: descriptions, owners, columns, checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

import dagster as dg

from contracts.promises import Contract
from harness.claims import CLAIMS
from harness.dagster import freshness, keys, metadata, plain
from harness.pilot.model import LoadedPilot, Pilot, Source
from harness.pilot.plan import rests_on
from harness.result import Planned

Promised: TypeAlias = Mapping[str, metadata.Metadata]
"""What is shown of each contract of one source, by its name."""


def promised(loaded: LoadedPilot, source: Source) -> Promised:
    """The owner and the promised columns of each dataset, at the source and read; of a contract
    that cannot be judged, what is wrong with it in place of columns.
    """
    of_owner = metadata.of_owner(loaded.settings.owners.get(source.name))
    return {
        contract.name: of_owner
        | (
            {"complaint": plain.text(complaint)}
            if (complaint := _complaint(loaded, source, contract))
            else {"dagster/column_schema": metadata.columns(contract)}
        )
        for contract in source.contracts
    }


def at_source(loaded: LoadedPilot, source: Source, promised: Promised) -> list[dg.AssetSpec]:
    """The tables, endpoints or files that are read: external, Dagster never makes them."""
    owners = metadata.owners(loaded.settings.owners.get(source.name))
    return [
        dg.AssetSpec(
            key=keys.at_source(loaded.pilot, source.name, name),
            description=f"{name} as {source.name} holds it: read by Seatrial, never written.",
            group_name=keys.name(source.name),
            kinds=set(source.kinds),
            owners=owners,
            metadata=shown,
            freshness_policy=freshness.policy(),
        )
        for name, shown in promised.items()
    ]


def proven(loaded: LoadedPilot, source: Source, promised: Promised) -> list[dg.AssetSpec]:
    """The way in and the readings: what one step per source makes."""
    owner = loaded.settings.owners.get(source.name)
    owners, group = metadata.owners(owner), keys.name(source.name)
    access = dg.AssetSpec(
        key=keys.proven(loaded.pilot, source.name, None),
        description=f"The way into {source.name}, and who answers for it.",
        group_name=group,
        skippable=True,
        owners=owners,
        metadata=metadata.of_owner(owner),
    )
    return [access] + [
        dg.AssetSpec(
            key=keys.proven(loaded.pilot, source.name, contract.name),
            description=_described(loaded, source, contract),
            deps=[keys.at_source(loaded.pilot, source.name, contract.name)],
            group_name=group,
            skippable=True,
            kinds={"parquet"},
            owners=owners,
            code_version=_code_version(loaded, source, contract),
            metadata=promised[contract.name],
        )
        for contract in source.contracts
    ]


def _code_version(loaded: LoadedPilot, source: Source, contract: Contract) -> str | None:
    known = loaded.digests.get((source.name, contract.name))
    return None if known is None else known.current


def _described(loaded: LoadedPilot, source: Source, contract: Contract) -> str:
    if complaint := _complaint(loaded, source, contract):
        return plain.markdown(f"Not read: {complaint}")
    return plain.markdown(contract.schema.description or f"{contract.name}, read and judged.")


def _complaint(loaded: LoadedPilot, source: Source, contract: Contract) -> str | None:
    return loaded.problems.get((source.name, contract.name))


def reconciled(pilot: Pilot, planned: Sequence[Planned]) -> list[dg.AssetSpec]:
    """What each dataset promised of others: made when both sides have been read."""
    rest_on_several = {(p.source, p.dataset) for p in planned}
    return [
        dg.AssetSpec(
            key=keys.reconciled(pilot, source.name, contract.name),
            description=f"What {contract.name} refers to, looked for where it must be.",
            deps=[keys.proven(pilot, *place) for place in rests_on(source.name, contract)],
            group_name=keys.name(source.name),
            skippable=True,
        )
        for source in pilot.sources
        for contract in source.contracts
        if (source.name, contract.name) in rest_on_several
    ]


def checks(pilot: Pilot, planned: Sequence[Planned]) -> list[dg.AssetCheckSpec]:
    """One check for each planned verdict."""
    described = {claim.name: f"True when {claim.true_when}." for claim in CLAIMS}
    return [
        dg.AssetCheckSpec(
            p.claim, asset=keys.check(pilot, p).asset_key, description=described[p.claim]
        )
        for p in planned
    ]


def ready(pilot: Pilot) -> dg.AssetCheckSpec:
    """The check beside all claims: a run without a broken claim is green, and may not be ready."""
    key = keys.ready(pilot)
    return dg.AssetCheckSpec(
        key.name,
        asset=key.asset_key,
        description="True when every planned verdict is PROVEN or WAIVED.",
    )
