"""The plan: every verdict that a pilot owes, known before anything is read."""

from __future__ import annotations

from collections.abc import Sequence

from harness.claims import DATASET_CLAIMS, SOURCE_CLAIMS
from harness.errors import ConfigurationError, unknown
from harness.pilot.model import Pilot, Source
from harness.result import Planned

RECONCILES = "reconciles"
"""The claim that rests on two datasets: judged when all that was to be read has been."""


def owed(pilot: Pilot) -> tuple[Planned, ...]:
    """Every verdict that the pilot owes, source by source."""
    return tuple(planned for source in pilot.sources for planned in owed_by(source))


def owed_by(source: Source) -> tuple[Planned, ...]:
    """Every verdict that one source owes."""
    return tuple(
        Planned(source=source.name, dataset=contract.name if contract else None, claim=claim)
        for contract in (None, *source.contracts)
        for claim in (SOURCE_CLAIMS if contract is None else DATASET_CLAIMS)
        if claim != RECONCILES or (contract and contract.promises.reconciles)
    )


def compared(pilot: Pilot, planned: Sequence[Planned]) -> frozenset[tuple[str, str]]:
    """Source and dataset of both sides of every planned reconciliation."""
    found: set[tuple[str, str]] = set()
    for p in planned:
        if p.claim == RECONCILES and p.dataset is not None:
            found.add((p.source, p.dataset))
            for promised in pilot.contract(p.source, p.dataset).promises.reconciles:
                found.add(named(promised.dataset))
    return frozenset(found)


def named(dataset: str) -> tuple[str, str]:
    """`source.dataset` as the pair it is; no name of ours has a dot in it."""
    source, _, name = dataset.partition(".")
    return source, name


def plan(
    pilot: Pilot, *, datasets: Sequence[str] = (), claims: Sequence[str] = ()
) -> tuple[Planned, ...]:
    """All verdicts owed, or those of the named datasets and claims.

    A dataset is named as `source.dataset`, or by its own name where only one source has it.
    With datasets named, a claim about a source is planned when one of its datasets is. Raises
    ConfigurationError for a name that is not there, for a source without contracts, and for a
    choice that leaves nothing.
    """
    named = set(chosen(pilot, datasets))
    for claim in claims:
        if claim not in SOURCE_CLAIMS and claim not in DATASET_CLAIMS:
            raise unknown("claim", claim, (*SOURCE_CLAIMS, *DATASET_CLAIMS))
    bare = next((source.name for source in pilot.sources if not source.contracts), None)
    if bare is not None and not datasets:
        raise ConfigurationError(
            f"source {bare} has no contract, so nothing would be held against it: "
            f"seatrial draft {bare}, then list it in pilot.py"
        )
    places = named | {(source, None) for source, _ in named}
    planned = [
        p
        for p in owed(pilot)
        if (p.source, p.dataset) in places and (not claims or p.claim in claims)
    ]
    if not planned and list(claims) == [RECONCILES]:
        raise ConfigurationError(
            "nothing is planned: no contract asked for promises what other datasets must hold; "
            "add reconciles to its promises"
        )
    if not planned:
        raise ConfigurationError("nothing is planned: the pilot has no sources; add one")
    return tuple(planned)


def chosen(pilot: Pilot, datasets: Sequence[str]) -> list[tuple[str, str]]:
    """Source and dataset of each name, as `plan` takes them; of all datasets without a name."""
    every = [(s.name, c.name) for s in pilot.sources for c in s.contracts]
    return [_named(name, every) for name in datasets] or every


def _named(name: str, every: list[tuple[str, str]]) -> tuple[str, str]:
    found = [pair for pair in every if name in (".".join(pair), pair[1])]
    if len(found) > 1:
        raise ConfigurationError(
            f"dataset {name!r} is in several sources, name one: "
            + ", ".join(".".join(pair) for pair in found)
        )
    if not found:
        raise unknown("dataset", name, (".".join(pair) for pair in every))
    return found[0]
