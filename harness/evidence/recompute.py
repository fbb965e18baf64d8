"""Every recorded verdict, judged again from entries alone: without Pandera, without `pilot.py`.

    entries ─▶ promises, facts ─ the claim's own proof ─▶ the same bytes, or a finding

A verdict that was changed and signed again is found here: its facts still say what they said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from contracts.canonical import canonical
from contracts.defaults import persisted_fields
from harness import tags
from harness.claims import CLAIMS
from harness.evidence.rests_on import Before, NotRecomputable, evidence_class, verdict_of
from harness.evidence.run_entries import Given, RunEntries, runs_of
from harness.facts import Declaration, Reading
from harness.ledger.chain import Entry
from harness.ledger.history import Sight, sight_of
from harness.ledger.promised import Promised, promises_in
from harness.policy.deviations import by_place, owed
from harness.result import Planned
from harness.verdict import GOOD, Outcome, Verdict

_CLAIMS = frozenset(claim.name for claim in CLAIMS)
_SIGHTS = (tags.FACTS[Reading], tags.FACTS[Declaration])


class How(StrEnum):
    """What came of one verdict."""

    EQUAL = "equal"
    DIFFERS = "differs"
    NOT_RECOMPUTABLE = "not recomputable"
    """Never a pass: what it rests on is not in the entries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recomputed:
    """One recorded verdict, or one that is owed, judged again."""

    run: str
    planned: Planned | None
    """None for what a run says of all of them."""
    how: How
    seq: int | None = None
    """Of its entry; None for a verdict that is not there."""
    why: str = ""
    """A sentence, unless it is equal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    seq: int
    sight: Sight


def recompute(entries: Iterable[Entry], *, code: str) -> tuple[Recomputed, ...]:
    """Each verdict of each run, in order. `code` is the release that judges now.

    The entries are those of one pilot and environment, whose chain was checked before. Raises
    ValueError, of which msgspec's errors are a kind, for an entry that does not read.
    """
    entries = list(entries)
    promised = {one.promises.digest: one.promises for one in promises_in(entries)}
    seen = _sights(entries)
    return tuple(
        one for run in runs_of(entries) for one in _of_run(run, promised, seen, code=code)
    )


def _sights(entries: Iterable[Entry]) -> Mapping[tuple[str, str], Sequence[_Seen]]:
    found = defaultdict[tuple[str, str], list[_Seen]](list)
    for entry in entries:
        if entry.kind in _SIGHTS:
            sight = sight_of(entry)
            found[sight.source, sight.dataset].append(_Seen(seq=entry.seq, sight=sight))
    return found


def _of_run(
    run: RunEntries,
    promised: Mapping[str, Promised],
    seen: Mapping[tuple[str, str], Sequence[_Seen]],
    *,
    code: str,
) -> Iterator[Recomputed]:
    def sights(source: str, dataset: str) -> list[Sight]:
        return [one.sight for one in seen.get((source, dataset), ()) if one.seq < run.seq]

    before = Before(promised=promised, sights=sights)
    judged = set[Planned]()
    for given in run.verdicts:
        how, why = _again(run, given, before)
        if given.planned in judged:
            how, why = How.DIFFERS, "it was judged before in the same run"
        elif given.planned not in run.started.planned:
            how, why = How.DIFFERS, "no verdict on it was planned"
        if how is How.DIFFERS and run.started.code != code:
            why += f" (judged by {run.started.code}, recomputed by {code})"
        judged.add(given.planned)
        yield Recomputed(run=run.run, planned=given.planned, how=how, seq=given.seq, why=why)
    if run.finished is not None:
        yield from _of_all(run, judged, promised)


def _again(run: RunEntries, given: Given, before: Before) -> tuple[How, str]:
    if given.claim not in _CLAIMS:
        return How.NOT_RECOMPUTABLE, f"this release knows no claim {given.claim}"
    try:
        verdict = verdict_of(run, given.planned, before, seq=given.seq)
        worth = evidence_class(run, given.planned, seq=given.seq)
    except NotRecomputable as error:
        return How.NOT_RECOMPUTABLE, str(error)
    except ValueError as error:
        return How.NOT_RECOMPUTABLE, f"what was promised does not read: {error}"
    if not run.measured:  # an earlier release recorded it
        verdict = replace(verdict, measures=())
    if not _says_the_same(verdict, given):
        says = f"the facts give {verdict.outcome}: {verdict.because}"
        return How.DIFFERS, f"recorded {given.outcome}, and {says}"
    if worth is not given.where.evidence_class:
        recorded = given.where.evidence_class
        return How.DIFFERS, f"recorded as evidence of class {recorded}, and it is {worth}"
    return How.EQUAL, ""


def _least_owed(run: RunEntries, promised: Mapping[str, Promised]) -> int:
    """What the promises owe that the run names; a broken contract may owe more."""
    named = run.started.promises or {}
    held = {where: promised[one] for where, one in named.items() if one in promised}
    return sum(1 for _ in owed(by_place(held)))


def _says_the_same(verdict: Verdict, given: Given) -> bool:
    return canonical(persisted_fields(verdict)) == given.verdict


def _of_all(
    run: RunEntries, judged: set[Planned], promised: Mapping[str, Promised]
) -> Iterator[Recomputed]:
    """What a finished run says of all its verdicts, and those that it owes and does not have."""
    for planned in run.started.planned:
        if planned not in judged:
            why = "it was planned, and the run finished without a verdict on it"
            yield Recomputed(run=run.run, planned=planned, how=How.DIFFERS, why=why)
    says = run.finished
    if says is None or says.executed is None:
        return
    least = _least_owed(run, promised)
    if says.planned is not None and says.planned < least:
        why = f"recorded {says.planned} verdicts owed, and its promises owe {least}"
        yield Recomputed(run=run.run, planned=None, how=How.DIFFERS, why=why)
    outcomes = [given.outcome for given in run.verdicts]
    executed = sum(outcome != Outcome.NOT_RUN for outcome in outcomes)
    whole = bool(outcomes) and says.planned == len(outcomes)
    ready = whole and all(outcome in GOOD for outcome in outcomes)
    if (says.executed, says.ready) != (executed, ready):
        why = f"recorded {says.executed} executed, ready {says.ready}; it is {executed}, {ready}"
        yield Recomputed(run=run.run, planned=None, how=How.DIFFERS, why=why)
