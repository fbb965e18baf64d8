"""Runs that held their verdicts against something else than was agreed at that time; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from harness.claims import DATASET_CLAIMS, SOURCE_CLAIMS
from harness.ledger.promised import Promised, place
from harness.policy import document
from harness.policy.document import Change, Document
from harness.policy.gathered import Gathered
from harness.result import Planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """A run that held its verdicts against something else than was agreed."""

    run: str
    slot: date
    changes: tuple[Change, ...]
    runs: int
    """How many in a row did so."""


def deviations(known: Gathered, in_force: Sequence[tuple[int, Document]]) -> Iterator[Deviation]:
    """By the policies, each with its place in the ledger; of several runs in a row that held the
    same, the first. Prose that was edited is no change.
    """
    found: list[Deviation] = []
    last: tuple[int, Mapping[str, str]] | None = None
    changes: tuple[Change, ...] = ()
    for run in known.runs:
        agreed = next((one for one in reversed(in_force) if one[0] < run.seq), None)
        if agreed is None or not run.promises:
            continue
        this = agreed[0], run.promises
        if this == last and changes:
            found[-1] = replace(found[-1], runs=found[-1].runs + 1)
        elif this != last:
            changes = tuple(_changes(agreed[1], run.promises, known.promised))
            if changes:
                found.append(Deviation(run=run.run, slot=run.slot, changes=changes, runs=1))
        last = this
    yield from found


def unsigned(policy: Document, promised: Mapping[tuple[str, str | None], Promised]) -> list[str]:
    """What a run is about to hold its verdicts against otherwise than was agreed, in words."""
    held = {place(*where): one for where, one in promised.items()}
    if {where: one.digest for where, one in held.items()} == _digests(policy):
        return []
    return [document.in_words(one) for one in document.changes(policy, held_by(held, policy))]


def _digests(policy: Document) -> dict[str, str]:
    return {where: one["digest"] for where, one in policy["promises"].items()}


def _changes(
    policy: Document, held: Mapping[str, str], promised: Mapping[str, Promised]
) -> list[Change]:
    if held == _digests(policy):
        return []
    known = {where: promised[digest] for where, digest in held.items() if digest in promised}
    if not known:
        return [Change(what="promises", old="as agreed", new="not in the ledger")]
    return document.changes(policy, held_by(known, policy))


def held_by(held: Mapping[str, Promised], policy: Document) -> Document:
    """What a run held its verdicts against, in the form of a policy, with the settings of that
    one: no verdict is held against a setting.
    """
    places = by_place(held)
    thresholds = [
        (one.promises if dataset else one.source_promises).thresholds
        for (_, dataset), one in places.items()
    ]
    settings = policy.get(document.SETTINGS, {})
    return document.contents(places, thresholds[0], owed(places), settings)


def owed(places: Mapping[tuple[str, str | None], Promised]) -> Iterator[Planned]:
    """The verdicts that these promises owe."""
    for (source, dataset), one in places.items():
        if dataset is None:
            promised = one.source_promises
            names = [name for name, claim in SOURCE_CLAIMS.items() if claim.is_owed(promised)]
        else:
            names = [name for name, claim in DATASET_CLAIMS.items() if claim.is_owed(one.promises)]
        yield from (Planned(source=source, dataset=dataset, claim=name) for name in names)


def by_place(held: Mapping[str, Promised]) -> dict[tuple[str, str | None], Promised]:
    """By source and dataset, instead of the name that a run gives them."""
    pairs = {where: where.partition(".") for where in held}
    return {(pairs[where][0], pairs[where][2] or None): one for where, one in held.items()}
