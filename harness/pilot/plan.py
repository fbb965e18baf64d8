"""The plan: every verdict that a pilot owes, known before anything is read."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.capabilities import Describes
from connectors.connector import Connector
from contracts.promises import Contract
from harness.claims import CLAIMS, DATASET_CLAIMS, SOURCE_CLAIMS, conforms, rests_on_several
from harness.claims.wording import listed
from harness.errors import ConfigurationError, unknown
from harness.pilot.model import Pilot, Source
from harness.result import Planned


def verdicts_owed(pilot: Pilot) -> tuple[Planned, ...]:
    """Every verdict that the pilot owes, source by source."""
    return tuple(planned for source in pilot.sources for planned in verdicts_owed_by(source))


def verdicts_owed_by(source: Source) -> tuple[Planned, ...]:
    """Every verdict that one source owes."""
    of_source = [
        Planned(source=source.name, dataset=None, claim=name)
        for name, claim in SOURCE_CLAIMS.items()
        if claim.is_owed(source.promises)
    ]
    of_datasets = [
        Planned(source=source.name, dataset=contract.name, claim=name)
        for contract in source.contracts
        for name, claim in DATASET_CLAIMS.items()
        if claim.is_owed(contract.promises)
    ]
    return (*of_source, *of_datasets)


def uncovered(source: Source, connector: Connector) -> tuple[str, ...]:
    """The datasets that a source's connector names and no contract covers, as far as it tells."""
    if not isinstance(connector, Describes):
        return ()
    covered = {contract.name for contract in source.contracts}
    return tuple(name for name in connector.datasets if name not in covered)


def owed_uncovered(source: Source, connector: Connector) -> tuple[Planned, ...]:
    """The verdict that stands for each such dataset: nothing can be held against it."""
    return tuple(
        Planned(source=source.name, dataset=name, claim=conforms.CLAIM.name)
        for name in uncovered(source, connector)
    )


def datasets_of_overlaps(pilot: Pilot, planned: Sequence[Planned]) -> frozenset[tuple[str, str]]:
    """Source and dataset of all that a planned claim on several datasets rests on."""
    return frozenset(
        place
        for p in planned
        if rests_on_several(p.claim) and p.dataset is not None
        for place in rests_on(p.source, pilot.contract(p.source, p.dataset))
    )


def rests_on(source: str, contract: Contract) -> list[tuple[str, str]]:
    """Source and dataset of a contract and of each other that it names, once each."""
    others = [split_name(promised.dataset) for promised in contract.promises.reconciles]
    return [*dict.fromkeys([(source, contract.name), *others])]


def split_name(dataset: str) -> tuple[str, str]:
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
    selected = set(select_datasets(pilot, datasets))
    known = [claim.name for claim in CLAIMS]
    for claim in claims:
        if claim not in known:
            raise unknown("claim", claim, known)
    bare = next((source.name for source in pilot.sources if not source.contracts), None)
    if bare is not None and not datasets:
        raise ConfigurationError(
            f"source {bare} has no contract, so nothing would be held against it: "
            f"seatrial draft {bare}, then list it in pilot.py"
        )
    places = selected | {(source, None) for source, _ in selected}
    planned = [
        p
        for p in verdicts_owed(pilot)
        if (p.source, p.dataset) in places and (not claims or p.claim in claims)
    ]
    if not pilot.sources:
        raise ConfigurationError("nothing is planned: the pilot has no sources; add one")
    if not planned:  # every claim asked for is owed only where something is promised
        lacking = [str(DATASET_CLAIMS[claim].where_promised) for claim in claims]
        raise ConfigurationError(
            f"nothing is planned: no contract asked for owes {listed(claims)}; "
            f"add {listed(lacking)} to its promises"
        )
    return tuple(planned)


def select_datasets(pilot: Pilot, datasets: Sequence[str]) -> list[tuple[str, str]]:
    """Source and dataset of each name, as `plan` takes them; of all datasets without a name."""
    every = [(s.name, c.name) for s in pilot.sources for c in s.contracts]
    return [_select(name, every) for name in datasets] or every


def _select(name: str, every: list[tuple[str, str]]) -> tuple[str, str]:
    found = [pair for pair in every if name in (".".join(pair), pair[1])]
    if len(found) > 1:
        raise ConfigurationError(
            f"dataset {name!r} is in several sources, name one: "
            + ", ".join(".".join(pair) for pair in found)
        )
    if not found:
        raise unknown("dataset", name, (".".join(pair) for pair in every))
    return found[0]
