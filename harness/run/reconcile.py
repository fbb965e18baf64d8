"""Reconciling: what each dataset promised of others is counted once all have been read.

    two readings, their landed rows ─ count ─▶ Overlap ─ proof ─▶ verdict

A side that no other claim of the run needed is read here, and owes no verdict. Never raises for
what a source does, nor for what its rows hold: that is a fact.
"""

from __future__ import annotations

from contracts.promises import Reconciliation
from harness import tags
from harness.claims import rests_on_several
from harness.claims.judge import judge_dataset
from harness.facts import ContractProblem, Failure, Overlap, Reading
from harness.pilot.plan import split_name
from harness.result import Judged, Planned
from harness.run.evaluate import read_and_evaluate
from harness.run.run import Run
from harness.run.source import contract_problem_of
from harness.run.task import Count, Counted, Landed, Message


def reconcile(run: Run) -> tuple[Judged, ...]:
    """Count and judge for every planned claim that rests on several datasets."""
    planned = [p for p in run.config.planned if rests_on_several(p.claim)]
    for p in planned:
        assert p.dataset is not None
        _reconcile_one(run, p, p.dataset)
    return run.verdicts(planned)


def _reconcile_one(run: Run, planned: Planned, dataset: str) -> None:
    promises = run.config.loaded.pilot.contract(planned.source, dataset).promises
    ours = _side(run, planned.source, dataset)
    if isinstance(ours, ContractProblem):
        verdict = judge_dataset(planned.claim, promises, [ours])
        run.state.record_verdicts({planned: verdict})
        return
    overlaps, sides, others = [], list[Reading](), []
    for promised in promises.reconciles:
        source, theirs = split_name(promised.dataset)
        side = _side(run, source, theirs)
        if isinstance(side, Reading):
            sides.append(side)
        overlaps.append(_overlap(run, promised, ours, side))
        run.state.record_fact(overlaps[-1], run.origin(planned.source, dataset, source))
        others.append(source)
    verdict = judge_dataset(planned.claim, promises, [*sides, ours, *overlaps])
    run.state.record_verdicts({planned: verdict}, *others)


def _side(run: Run, source: str, dataset: str) -> Reading | ContractProblem:
    """The run's reading of a dataset, read now if nothing else needed it; of a dataset whose
    contract is broken, what is wrong with that.
    """
    if problem := contract_problem_of(run, source, dataset):
        return problem
    for reading in run.state.readings_of(source):
        if reading.dataset == dataset:
            return reading
    read_and_evaluate(run, source, {dataset: frozenset()}, lambda *_: None)
    return run.state.readings_of(source)[-1]


def _overlap(
    run: Run, promised: Reconciliation, ours: Reading, theirs: Reading | ContractProblem
) -> Overlap:
    """What was found, or why nothing could be."""
    counted = Counted(found=None, failure=_lacking(promised, ours, theirs))
    if counted.failure is None and isinstance(theirs, Reading):
        counted = _count(run, promised, ours, theirs)
    return Overlap(
        source=ours.source,
        dataset=ours.dataset,
        promised=promised,
        found=counted.found,
        failure=counted.failure,
    )


def _lacking(
    promised: Reconciliation, ours: Reading, theirs: Reading | ContractProblem
) -> Failure | None:
    """Why the two sides cannot be compared; None if they can."""
    if isinstance(theirs, ContractProblem):
        message = f"{promised.dataset} was not read: {theirs.text}"
        return Failure(kind=tags.CONTRACT_ERROR, message=message)
    amount = promised.amount
    wanted = (
        (ours, (promised.ours, amount and amount.ours)),
        (theirs, (promised.theirs, amount and amount.theirs)),
    )
    for reading, columns in wanted:
        where = f"{reading.source}.{reading.dataset}"
        if reading.failure is not None:
            message = f"{where} was not read: {reading.failure.message}"
            return Failure(kind=reading.failure.kind, message=message)
        for column in filter(None, columns):
            if column not in reading.columns:
                return Failure(kind=tags.SOURCE_CHANGED, message=f"{where} came without {column}")
    return None


def _count(run: Run, promised: Reconciliation, ours: Reading, theirs: Reading) -> Counted:
    told: list[Message] = []
    task = Count(
        promised=promised,
        ours=_landed(run, ours),
        theirs=_landed(run, theirs),
        limits=run.config.loaded.limits,
    )
    run.work(run, task, told.append)
    [counted] = told
    assert isinstance(counted, Counted)
    return counted


def _landed(run: Run, reading: Reading) -> Landed:
    path = run.landing_path(reading.source, reading.dataset)
    return Landed(file=str(path), sha256=reading.sha256)
