"""What Dagster calls the parts of a pilot, and which verdicts a selection in its UI asks for.

    <pilot>/<source>/<dataset>.source     the table, endpoint or files at the source
    <pilot>/<source>/<dataset>            its reading, with a check for each claim about it
    <pilot>/<source>/<source>.access      the way in, with a check for each claim about the source
    <pilot>/<source>/<dataset>.reconciled what rests on other datasets too, with a check each
    <pilot>/evidence, <pilot>/verdict     what the run came to
    <pilot>/gate                          what holds models back, and nothing else
    <pilot>/<model>.model                 what is trained on it, once the check `gate` is open

No name of ours has a dot in it, so no dataset can take the key of another thing.
"""

from __future__ import annotations

import dagster as dg

from harness.claims import rests_on_several
from harness.errors import ConfigurationError
from harness.pilot.model import Pilot
from harness.result import Planned


def at_source(pilot: Pilot, source: str, dataset: str) -> dg.AssetKey:
    """The thing that is read."""
    return dg.AssetKey([pilot.name, source, f"{dataset}.source"])


def proven(pilot: Pilot, source: str, dataset: str | None) -> dg.AssetKey:
    """What claims are about: a dataset, or with None the source itself."""
    return dg.AssetKey([pilot.name, source, dataset or f"{source}.access"])


def reconciled(pilot: Pilot, source: str, dataset: str) -> dg.AssetKey:
    """What holds between a dataset and others."""
    return dg.AssetKey([pilot.name, source, f"{dataset}.reconciled"])


def evidence(pilot: Pilot) -> dg.AssetKey:
    """What a run wrote down."""
    return dg.AssetKey([pilot.name, "evidence"])


def verdict(pilot: Pilot) -> dg.AssetKey:
    """What a run came to."""
    return dg.AssetKey([pilot.name, "verdict"])


def gate(pilot: Pilot) -> dg.AssetCheckKey:
    """Whether a model may be trained on what was proven. It blocks what is below its asset, so
    that is no part of a run: models alone are below it.
    """
    return dg.AssetCheckKey(dg.AssetKey([pilot.name, "gate"]), "gate")


def model(pilot: Pilot, name: str) -> dg.AssetKey:
    """A model."""
    return dg.AssetKey([pilot.name, f"{name}.model"])


def ready(pilot: Pilot) -> dg.AssetCheckKey:
    """Whether a run came to ready: the one check that is no claim."""
    return dg.AssetCheckKey(verdict(pilot), "ready")


def check(pilot: Pilot, planned: Planned) -> dg.AssetCheckKey:
    """Where a planned verdict shows."""
    source, dataset = planned.source, planned.dataset
    if dataset is not None and rests_on_several(planned.claim):
        return dg.AssetCheckKey(reconciled(pilot, source, dataset), planned.claim)
    return dg.AssetCheckKey(proven(pilot, source, dataset), planned.claim)


def planned(key: dg.AssetCheckKey) -> Planned | None:
    """The verdict that shows at a check of ours: the way back from `check`; None for `ready`."""
    match key.asset_key.path:
        case [_, source, last]:
            dataset = None if last == f"{source}.access" else last.removesuffix(".reconciled")
            return Planned(source=source, dataset=dataset, claim=key.name)
    return None


def name(text: str) -> str:
    """A name of ours as Dagster's ops and groups may have it."""
    return text.replace("-", "_")


def selected(pilot: Pilot, whole: tuple[Planned, ...], run: dg.DagsterRun) -> tuple[Planned, ...]:
    """The verdicts of the whole plan that a Dagster run owes: those whose checks it selects, all
    without a selection.

    Raises ConfigurationError where an asset would be made and nothing judged.
    """
    assets, checks = run.asset_selection, run.asset_check_selection
    if not assets and not checks:
        return whole
    owners = {check(pilot, p): p for p in whole}
    chosen = [
        p
        for key, p in owners.items()
        if (key in checks if checks is not None else key.asset_key in (assets or ()))
    ]
    judged = {check(pilot, p).asset_key for p in chosen}
    provable = {key.asset_key for key in owners}
    for asset in sorted((assets or set()) & provable - judged):
        raise ConfigurationError(
            f"{asset.to_user_string()} is selected without its checks: select these, too"
        )
    if not chosen:
        raise ConfigurationError(
            "evidence and verdict are of their own run: select sources with them, or run job prove"
        )
    return tuple(chosen)
