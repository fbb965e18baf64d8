"""Reconciling: what each dataset promised of others is counted once all have been read.

    two readings, their landed rows ─ count ─▶ Overlap ─ proof ─▶ verdict

A side that no other claim of the run needed is read here, and owes no verdict. Never raises for
what a source does, nor for what its rows hold: that is a fact.
"""

from __future__ import annotations

from contracts import overlap
from contracts.evaluation import KeysFound
from contracts.promises import Contract, Reconciliation
from harness import tags
from harness.claims import rests_on_several
from harness.claims.judge import judge_dataset
from harness.facts import ContractProblem, Failure, Overlap, Reading
from harness.ledger.ledger import Origin
from harness.pilot.plan import named
from harness.progress import Progress
from harness.result import Judged
from harness.run import evidence_class
from harness.run.circuit_breaker import break_circuit
from harness.run.dataset import failed
from harness.run.landing import sha256
from harness.run.run import Run, landing_place, record, record_verdict
from harness.run.source import contract_problem_of, read_and_evaluate


def reconcile(run: Run, *, progress: Progress) -> tuple[Judged, ...]:
    """Count and judge for every planned claim that rests on several datasets."""
    planned = [p for p in run.planned if rests_on_several(p.claim)]
    for p in planned:
        assert p.dataset is not None
        contract = run.loaded.pilot.contract(p.source, p.dataset)
        ours = _side(run, p.source, p.dataset, progress)
        if isinstance(ours, ContractProblem):
            record_verdict(run, p, judge_dataset(p.claim, contract.promises, [ours]))
            continue
        overlaps, others = [], []
        for promised in contract.promises.reconciles:
            source, dataset = named(promised.dataset)
            theirs = _side(run, source, dataset, progress)
            overlaps.append(_overlap(run, promised, ours, theirs))
            record(run, overlaps[-1], _origin(run, contract, p.source, source))
            others.append(source)
        verdict = judge_dataset(p.claim, contract.promises, [ours, *overlaps])
        record_verdict(run, p, verdict, *others)
    return tuple(run.judged[p] for p in planned)


def _side(run: Run, source: str, dataset: str, progress: Progress) -> Reading | ContractProblem:
    """The run's reading of a dataset, taken now where nothing else needed it; of one whose
    contract is broken there is none.
    """
    if complaint := contract_problem_of(run, source, dataset):
        return complaint
    readings = [f for f in run.facts if isinstance(f, Reading) and f.source == source]
    for reading in readings:
        if reading.dataset == dataset:
            return reading
    connector = run.connectors[source]
    for reading in readings:
        connector = break_circuit(connector, reading)
    contract = run.loaded.pilot.contract(source, dataset)
    reading, _ = read_and_evaluate(
        run, connector, source, contract, needed=frozenset(), progress=progress
    )
    return reading


def _overlap(
    run: Run, promised: Reconciliation, ours: Reading, theirs: Reading | ContractProblem
) -> Overlap:
    """What was found, or why nothing could be."""
    found: KeysFound | None = None
    failure = _lacking(promised, ours, theirs)
    if failure is None and isinstance(theirs, Reading):
        try:
            found = _found(run, promised, ours, theirs)
        except Exception as error:  # noqa: BLE001 - whatever ends the counting is a fact about it
            failure = failed(error)
    return Overlap(
        source=ours.source,
        dataset=ours.dataset,
        promised=promised,
        found=found,
        failure=failure,
    )


def _lacking(
    promised: Reconciliation, ours: Reading, theirs: Reading | ContractProblem
) -> Failure | None:
    """Why the two sides cannot be held together."""
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


def _found(run: Run, promised: Reconciliation, ours: Reading, theirs: Reading) -> KeysFound:
    paths = []
    for reading in (ours, theirs):
        path = landing_place(run, reading.source, reading.dataset)
        # Parquet's own checksums are not looked at by what counts.
        if sha256(path) != reading.sha256:
            raise OSError("what landed is not what was read")
        paths.append(path)
    return overlap.count(promised, *paths)


def _origin(run: Run, contract: Contract, source: str, other: str) -> Origin:
    return Origin(
        source=source,
        dataset=contract.name,
        endpoint=run.connectors[source].endpoint,
        contract=run.loaded.digests[source, contract.name].current,
        evidence_class=evidence_class.weakest(
            run.evidence_classes[name] for name in (source, other)
        ),
    )
