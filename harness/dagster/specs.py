"""What Dagster knows of a pilot's parts before any run: descriptions, owners, columns, checks."""

from __future__ import annotations

from collections.abc import Sequence

import dagster as dg

from contracts.promises import Contract
from harness.claims import look_up
from harness.dagster import keys, metadata
from harness.pilot.model import LoadedPilot, Pilot, Source
from harness.pilot.plan import rests_on
from harness.result import Planned


def at_source(loaded: LoadedPilot, source: Source, contract: Contract) -> dg.AssetSpec:
    """The table, endpoint or files that are read: external, Dagster never makes them."""
    owner = loaded.settings.owners.get(source.name)
    return dg.AssetSpec(
        key=keys.at_source(loaded.pilot, source.name, contract.name),
        description=f"{contract.name} as {source.name} holds it: read by Seatrial, never written.",
        group_name=keys.name(source.name),
        kinds=set(source.kinds),
        owners=metadata.owners(owner),
        metadata={**metadata.of_owner(owner), **_promised(loaded, source, contract)},
    )


def proven(loaded: LoadedPilot, source: Source) -> list[dg.AssetSpec]:
    """The way in and the readings: what one step per source makes."""
    owner = loaded.settings.owners.get(source.name)
    owners = metadata.owners(owner)
    access = dg.AssetSpec(
        key=keys.proven(loaded.pilot, source.name, None),
        description=f"The way into {source.name}, and who answers for it.",
        skippable=True,
        owners=owners,
        metadata=metadata.of_owner(owner),
    )
    return [access] + [
        dg.AssetSpec(
            key=keys.proven(loaded.pilot, source.name, contract.name),
            description=_described(loaded, source, contract),
            deps=[keys.at_source(loaded.pilot, source.name, contract.name)],
            skippable=True,
            kinds={"parquet"},
            owners=owners,
            code_version=_code_version(loaded, source, contract),
            metadata={**metadata.of_owner(owner), **_promised(loaded, source, contract)},
        )
        for contract in source.contracts
    ]


def _code_version(loaded: LoadedPilot, source: Source, contract: Contract) -> str | None:
    known = loaded.digests.get((source.name, contract.name))
    return None if known is None else known.current


def _described(loaded: LoadedPilot, source: Source, contract: Contract) -> str:
    if complaint := _complaint(loaded, source, contract):
        return f"Not read: {complaint}"
    return contract.schema.description or f"{contract.name}, read and judged."


def _promised(loaded: LoadedPilot, source: Source, contract: Contract) -> metadata.Metadata:
    """The promised columns; of a contract that cannot be judged, what is wrong with it."""
    if complaint := _complaint(loaded, source, contract):
        return {"complaint": complaint}
    return {"dagster/column_schema": metadata.columns(contract)}


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
    return [
        dg.AssetCheckSpec(
            p.claim,
            asset=keys.check(pilot, p).asset_key,
            description=f"True when {look_up(p.claim).true_when}.",
        )
        for p in planned
    ]
