"""The facts that a verdict rests on, each kind in one line with its numbers; pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from contracts.evaluation import Evaluation, Profile, Reference
from harness.claims import CLAIMS, needs
from harness.claims.claim import Need
from harness.claims.wording import count
from harness.facts import (
    Baseline,
    ContractProblem,
    Declaration,
    Fact,
    Overlap,
    Probed,
    Reading,
    Register,
)
from harness.report.words import instant, seconds, size
from harness.result import Planned


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A fact with what it is about."""

    source: str
    dataset: str | None
    fact: Fact
    seq: int | None
    """Its place in the ledger, where that is known."""


_NEEDED: Mapping[type[Fact], Need] = {
    Reading: Need.READING,
    Evaluation: Need.EVALUATION,
    Reference: Need.PROFILE,
    Profile: Need.PROFILE,
    Baseline: Need.BASELINE,
    Declaration: Need.BASELINE,
    Overlap: Need.OVERLAP,
    Probed: Need.PROBE,
}
_NAMES = {claim.name for claim in CLAIMS}


Place = tuple[str, str | None]
"""A source, or a dataset of one."""


def by_place(known: Iterable[Known]) -> dict[Place, list[Known]]:
    """The facts about each dataset, and about each source with all of its datasets."""
    found: dict[Place, list[Known]] = {}
    for one in known:
        for place in dict.fromkeys(((one.source, one.dataset), (one.source, None))):
            found.setdefault(place, []).append(one)
    return found


def lines(
    planned: Planned,
    known: Mapping[Place, Sequence[Known]],
    earlier: Mapping[Place, Sequence[Known]],
) -> list[str]:
    """A line for each kind of fact that the claim is judged by: its numbers, and where it stands
    in the ledger. `earlier` are readings of the nights before, on which some claims rest, too.
    """
    place = (planned.source, planned.dataset)
    own: dict[type, list[Known]] = {}
    for one in known.get(place, ()):
        if _is_needed(one.fact, planned.claim):
            own.setdefault(type(one.fact), []).append(one)
    told = [f"{_told(found)}{_places(found)}" for found in own.values()]
    if (before := earlier.get(place)) and Need.TIMES in _needs(planned.claim):
        told.append(f"of earlier nights {_told(before)}{_places(before)}")
    return told


def _is_needed(fact: Fact, claim: str) -> bool:
    if isinstance(fact, ContractProblem):
        return True
    wanted = _needs(claim)
    if isinstance(fact, Register):
        return not wanted
    return _NEEDED[type(fact)] in wanted


def _needs(claim: str) -> frozenset[Need]:
    return needs([claim]) if claim in _NAMES else frozenset(Need)


def _told(found: Sequence[Known]) -> str:
    if len(found) == 1:
        return "; ".join(_parts(found[0].fact))
    readings = [one.fact for one in found if isinstance(one.fact, Reading)]
    if readings:
        failed = sum(one.failure is not None for one in readings)
        asked = sum(one.attempts for one in readings)
        rows = sum(one.rows for one in readings)
        return (
            f"{count(len(readings), 'reading')}, {failed} failed: {count(rows, 'row')}, "
            f"{count(asked, 'request')}"
        )
    return f"{len(found)} facts of this kind, the last: {'; '.join(_parts(found[-1].fact))}"


def _places(found: Sequence[Known]) -> str:
    places = [one.seq for one in found if one.seq is not None]
    if not places:
        return ""
    if len(places) == 1:
        return f" (ledger entry {places[0]})"
    return f" (ledger entries {places[0]} to {places[-1]})"


def _parts(fact: Fact) -> Iterator[str]:  # noqa: C901, PLR0912 - one case a kind of fact
    match fact:
        case Reading():
            if fact.failure is not None:
                yield f"a reading that failed: {fact.failure.kind}"
            else:
                yield f"a reading of {count(fact.rows, 'row')}, {size(fact.bytes)}"
            yield f"{count(fact.attempts, 'request')} in {seconds(fact.seconds)}"
            yield f"begun {instant(fact.started_at)}"
            if fact.newest_event_at is not None:
                yield f"newest event {instant(fact.newest_event_at)}"
        case Evaluation():
            failed = sum(rule.failed > 0 for rule in fact.rules)
            yield f"{count(len(fact.rules), 'rule')} held against {count(fact.rows, 'row')}"
            yield f"{failed} of them failed"
        case Reference():
            rows = count(fact.profile.rows, "row")
            yield f"a reference of {rows}, made on {fact.made_on}"
        case Profile():
            yield f"values of {count(len(fact.columns), 'column')} in {count(fact.rows, 'row')}"
        case Baseline():
            columns = count(len(fact.declared.columns), "column")
            yield f"{columns} that {fact.approved_by} approved on {fact.approved_on}"
        case Declaration():
            held = fact.declared.columns if fact.declared is not None else ()
            yield f"{count(len(held), 'column')} that the source declared"
        case Overlap():
            counted = fact.found
            if counted is None:
                yield f"keys of {fact.promised.ours} that could not be counted"
            else:
                yield f"{count(counted.keys, 'key')} of {fact.promised.ours}"
                yield f"{counted.found:,} of them in {fact.promised.dataset}"
        case Probed():
            refused = sum(one.refused for one in fact.probes)
            yield f"{count(len(fact.probes), 'question')} put to the source, {refused:,} refused"
        case Register():
            yield f"owner {fact.owner or 'nobody'}"
            yield f"deputy {fact.deputy or 'nobody'}"
            yield f"escalation {fact.escalation or 'none'}"
            yield f"acknowledged by {fact.acknowledged_by or 'nobody'}"
        case ContractProblem():
            yield fact.text
