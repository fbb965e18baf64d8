"""The verdict that a run's entries give on one claim, judged again by the claim's own proof."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from contracts.evaluation import Evaluation, Profile, Reference
from contracts.promises import Promises
from harness.claims import DATASET_CLAIMS, needs, rests_on_several
from harness.claims.claim import Need
from harness.claims.due import comes_several_times_a_day
from harness.claims.judge import judge_dataset, judge_source, not_covered, not_run
from harness.evidence.run_entries import Known, RunEntries, Where
from harness.facts import (
    Baseline,
    ContractProblem,
    Declaration,
    EvidenceClass,
    Fact,
    Overlap,
    Reading,
)
from harness.ledger.earlier import Asked, declared_before, earlier_readings
from harness.ledger.history import Recorded, Sight
from harness.ledger.promised import Promised, place
from harness.result import Planned
from harness.verdict import Verdict


class NotRecomputable(Exception):
    """What the verdict rests on is not in the entries. The message is a clause of a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What the ledger held when a run began."""

    promised: Mapping[str, Promised]
    """All that was ever promised, by the digest that runs name."""
    sights: Callable[[str, str], Sequence[Sight]]
    """The readings and declarations of one dataset before the run."""


def verdict_of(run: RunEntries, planned: Planned, before: Before, *, seq: int) -> Verdict:
    """What the claim's proof says of the facts that were known before entry `seq`.

    Raises NotRecomputable if the entries do not hold what it rests on, and ValueError for promises
    that no contract makes.
    """
    source, dataset, claim = planned.source, planned.dataset, planned.claim
    if dataset is None:
        promises = _promised(run, before, source, None).source_promises
        if not _is_read(run, source, seq):
            return not_run(claim)
        return judge_source(claim, promises, run.of_source(source, before=seq))
    if problems := run.of(source, dataset, ContractProblem, before=seq):
        return judge_dataset(claim, Promises(key=()), [problems[0][1]])
    if run.started.promises is not None and place(source, dataset) not in run.started.promises:
        return not_covered(claim, source, dataset)
    promised = _promised(run, before, source, dataset)
    if claim in DATASET_CLAIMS and rests_on_several(claim):
        facts = _of_several(run, planned, promised.promises, seq)
    else:
        facts = _of_one(run, planned, before, promised, seq)
    return not_run(claim) if facts is None else judge_dataset(claim, promised.promises, facts)


def evidence_class(run: RunEntries, planned: Planned, *, seq: int) -> EvidenceClass:
    """What the verdict is worth: the weakest class of all the sources that it rests on."""
    names = [planned.source]
    if planned.dataset is not None and rests_on_several(planned.claim):
        found = run.of(planned.source, planned.dataset, Overlap, before=seq)
        names += [one.promised.dataset.partition(".")[0] for _, one in found]
    known = run.started.evidence_class
    if lacking := [name for name in names if name not in known]:
        raise NotRecomputable(f"the class of evidence from {lacking[0]} was not recorded")
    # Of each source, what its run says first and what its readings say is the same.
    told = [known[name] for name in names] + [one for name in names for one in run.classes(name)]
    return min(told, key=list(EvidenceClass).index)


def _promised(run: RunEntries, before: Before, source: str, dataset: str | None) -> Promised:
    if run.started.promises is None:
        raise NotRecomputable("recorded before promises were")
    digest = run.started.promises.get(what := place(source, dataset))
    if digest is None or digest not in before.promised:
        raise NotRecomputable(f"what {what} promised is not in the entries")
    return before.promised[digest]


def _is_read(run: RunEntries, source: str, seq: int) -> bool:
    """Whether all of a source's datasets that were to be read have been: it is judged then."""
    read = {
        one.where.dataset
        for one in run.facts
        if one.where.source == source
        and one.seq < seq
        and isinstance(one.fact, (Reading, Declaration, ContractProblem))
    }
    wanted = {
        p.dataset
        for p in run.started.planned
        if p.source == source and p.dataset is not None and Need.READING in needs([p.claim])
    }
    covered = run.started.promises or {}
    wanted = {name for name in wanted if name in read or place(source, name) in covered}
    return wanted <= read


def _of_one(
    run: RunEntries, planned: Planned, before: Before, promised: Promised, seq: int
) -> list[Fact] | None:
    """Earlier readings, the run's own, what was found in its rows, and what was approved."""
    source, dataset = planned.source, str(planned.dataset)
    asked_for = needs(p.claim for p in run.started.planned if _is_of(p, source, dataset))
    own: Sequence[tuple[Where, Reading | Declaration]]
    own = run.of(source, dataset, Reading, before=seq)
    is_read = bool(own)
    own = own or run.of(source, dataset, Declaration, before=seq)
    if not own:
        return None
    where, sight = own[0]
    asked = {(source, dataset): _asked(run, where, promised)}
    sights = before.sights(source, dataset)
    approved: list[Fact] = []
    if Need.BASELINE in asked_for:
        approved += declared_before(sights, asked, run.started.night).values()
        approved += [fact for _, fact in run.of(source, dataset, Baseline, before=seq)]
    if not is_read:
        return [*approved, sight]
    recorded = [one for one in sights if isinstance(one, Recorded)]
    earlier = earlier_readings(recorded, asked, run.started.night).get((source, dataset), ())
    return [*earlier, sight, *_found(run, source, dataset, seq), *approved]


def _found(run: RunEntries, source: str, dataset: str, seq: int) -> list[Fact]:
    """What was counted in the rows of the run's reading, in the order of the entries."""

    def is_found(one: Known) -> bool:
        about = (one.where.source, one.where.dataset) == (source, dataset)
        return about and one.seq < seq and isinstance(one.fact, (Evaluation, Reference, Profile))

    return [one.fact for one in run.facts if is_found(one)]


def _asked(run: RunEntries, where: Where, promised: Promised) -> Asked:
    if where.contract != promised.contract:
        raise NotRecomputable("the reading names another contract than its run")
    known = run.started.evidence_class.get(where.source)
    if where.endpoint is None or known is None:
        raise NotRecomputable("what was read, and where, was not recorded")
    return Asked(
        endpoint=where.endpoint,
        locator=where.locator,
        evidence_class=known,
        contracts=(promised.contract, promised.former),
        several=comes_several_times_a_day(promised.promises),
    )


def _of_several(
    run: RunEntries, planned: Planned, promises: Promises, seq: int
) -> list[Fact] | None:
    """The readings of all sides, and what was counted of each promise."""
    source, dataset = planned.source, str(planned.dataset)
    ours = run.of(source, dataset, Reading, before=seq)
    overlaps = [fact for _, fact in run.of(source, dataset, Overlap, before=seq)]
    if not ours or len(overlaps) < len(promises.reconciles):
        return None
    sides: list[Fact] = []
    for promised in promises.reconciles:
        other, _, theirs = promised.dataset.partition(".")
        if not run.of(other, theirs, ContractProblem, before=seq):
            sides += [fact for _, fact in run.of(other, theirs, Reading, before=seq)][:1]
    return [*sides, ours[0][1], *overlaps]


def _is_of(planned: Planned, source: str, dataset: str) -> bool:
    return (planned.source, planned.dataset) == (source, dataset)
