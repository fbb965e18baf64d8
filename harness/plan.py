"""The plan: every verdict that a pilot owes, known before anything is read."""

from __future__ import annotations

from collections.abc import Sequence

from harness.claims import DATASET_CLAIMS, SOURCE_CLAIMS
from harness.errors import ConfigurationError, unknown
from harness.pilot import Pilot
from harness.result import Planned


def owed(pilot: Pilot) -> tuple[Planned, ...]:
    """Every verdict that the pilot owes, source by source."""
    return tuple(
        Planned(source=source.name, dataset=dataset, claim=claim)
        for source in pilot.sources
        for dataset in (None, *(contract.name for contract in source.contracts))
        for claim in (SOURCE_CLAIMS if dataset is None else DATASET_CLAIMS)
    )


def plan(
    pilot: Pilot, *, datasets: Sequence[str] = (), claims: Sequence[str] = ()
) -> tuple[Planned, ...]:
    """All verdicts owed, or those of the named datasets and claims.

    A dataset is named as `source.dataset`, or by its own name where only one source has it.
    With datasets named, a claim about a source is planned when one of its datasets is. Raises
    ConfigurationError for a name that is not there, for a source without contracts, and for a
    choice that leaves nothing.
    """
    every = [(s.name, c.name) for s in pilot.sources for c in s.contracts]
    chosen = {named(name, every) for name in datasets} or set(every)
    for claim in claims:
        if claim not in SOURCE_CLAIMS and claim not in DATASET_CLAIMS:
            raise unknown("claim", claim, (*SOURCE_CLAIMS, *DATASET_CLAIMS))
    bare = next((source.name for source in pilot.sources if not source.contracts), None)
    if bare is not None and not datasets:
        raise ConfigurationError(
            f"source {bare} has no contract, so nothing would be held against it: "
            f"seatrial draft {bare}, then list it in pilot.py"
        )
    places = chosen | {(source, None) for source, _ in chosen}
    planned = [
        p
        for p in owed(pilot)
        if (p.source, p.dataset) in places and (not claims or p.claim in claims)
    ]
    if not planned:
        raise ConfigurationError("nothing is planned: the pilot has no sources; add one")
    return tuple(planned)


def named(name: str, every: list[tuple[str, str]]) -> tuple[str, str]:
    """Source and dataset that `name` means; raises ConfigurationError where it means none."""
    found = [pair for pair in every if name in (".".join(pair), pair[1])]
    if len(found) > 1:
        raise ConfigurationError(
            f"dataset {name!r} is in several sources, name one: "
            + ", ".join(".".join(pair) for pair in found)
        )
    if not found:
        raise unknown("dataset", name, (".".join(pair) for pair in every))
    return found[0]
