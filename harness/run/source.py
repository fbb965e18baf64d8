"""Proving one source: probe, read, land, evaluate, judge.

Never raises for what a source does: that is a fact, and every verdict is judged from facts.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

from connectors.capabilities import in_one_session
from connectors.connector import Connector
from contracts.engines import evaluate, profile
from contracts.promises import Contract
from harness.claims import needs, rests_on_several
from harness.claims.claim import Need
from harness.claims.judge import judge_dataset, judge_source
from harness.facts import ContractProblem, Fact, Reading, Register
from harness.ledger.ledger import Origin
from harness.pilot.model import Source
from harness.progress import Progress
from harness.result import Judged, Planned
from harness.run.circuit_breaker import break_circuit
from harness.run.dataset import probe, read_dataset
from harness.run.keep import keep
from harness.run.run import Run, landing_place, record, record_verdict

FUTURE_SECONDS = 300
"""An event further ahead of our clock than this is no high-water mark to keep (fault P10)."""


def prove_source(run: Run, name: str, *, progress: Progress) -> tuple[Judged, ...]:
    """Read one source, hold it against its contracts and judge all that rests on it alone."""
    source = run.loaded.source(name)
    planned = [p for p in run.planned if p.source == name]
    of_source: list[Fact] = [_register(run, source)]
    if Need.PROBE in needs(p.claim for p in planned):
        progress(name, None, "probing", 0)
        probed = probe(
            run.connectors[name], source=name, log=lambda event: run.log.write(name, None, event)
        )
        record(run, probed, Origin(source=name))
        of_source.append(probed)
    with in_one_session(run.connectors[name]) as connector:
        of_source += _proven(run, source, connector, planned=planned, progress=progress)
    with run.ledger.together():
        for p in planned:
            if p.dataset is None:
                record_verdict(run, p, judge_source(p.claim, source.promises, of_source))
    progress(name, None, "done", 0)
    return tuple(run.judged[p] for p in planned if not rests_on_several(p.claim))


def _proven(
    run: Run, source: Source, connector: Connector, *, planned: list[Planned], progress: Progress
) -> Iterator[Fact]:
    """Read and judge its datasets, one after the other; gives what the source is judged by."""
    for contract in _to_read(source, planned):
        name = (source.name, contract.name)
        claims = [p for p in planned if p.dataset == contract.name]
        to_judge = [p for p in claims if not rests_on_several(p.claim)]
        if complaint := contract_problem_of(run, *name):
            yield complaint
            for p in to_judge:
                record_verdict(run, p, judge_dataset(p.claim, contract.promises, [complaint]))
            continue
        needed = needs(p.claim for p in claims)
        reading, found = read_and_evaluate(
            run, connector, source.name, contract, needed=needed, progress=progress
        )
        connector = break_circuit(connector, reading)
        yield reading
        history = run.history.get(name, ())
        facts: list[Fact] = [*history, reading, *found]
        if Need.BASELINE in needed:
            facts += _pinned(run, *name)
        with run.ledger.together():
            for p in to_judge:
                record_verdict(run, p, judge_dataset(p.claim, contract.promises, facts))


def _pinned(run: Run, source: str, dataset: str) -> list[Fact]:
    """The columns that somebody approved of a dataset, if anybody did."""
    baseline = run.baselines.get((source, dataset))
    if baseline is None:
        return []
    record(run, baseline, Origin(source=source, dataset=dataset))
    return [baseline]


def _to_read(source: Source, planned: list[Planned]) -> list[Contract]:
    """The datasets whose claims need a reading; all of them where only the source's own do."""
    need = {p.dataset for p in planned if Need.READING in needs([p.claim])}
    if need == {None}:
        return list(source.contracts)
    return [contract for contract in source.contracts if contract.name in need]


def prove_sources(run: Run, *, progress: Progress) -> None:
    """Prove every planned source, each in a thread of its own: one slow vendor delays no other.

    The threads are daemons, so Ctrl-C ends the run at once; they only ever read.
    """
    defects: list[BaseException] = []

    def guarded(name: str) -> None:
        try:
            prove_source(run, name, progress=progress)
        except BaseException as error:  # noqa: BLE001 - raised again below, in the main thread
            defects.append(error)

    names = dict.fromkeys(p.source for p in run.planned)
    threads = [threading.Thread(target=guarded, args=(n,), name=n, daemon=True) for n in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        # In short waits: with polars imported, Ctrl-C does not end a join without a time-out.
        while thread.is_alive():
            thread.join(0.2)
    if defects:
        raise defects[0]


def read_and_evaluate(  # noqa: PLR0913 - one dataset of one source in one run, and who is told
    run: Run,
    connector: Connector,
    name: str,
    contract: Contract,
    *,
    needed: frozenset[Need],
    progress: Progress,
) -> tuple[Reading, list[Fact]]:
    """Read one dataset and gather from its rows what is `needed`, if the reading is whole."""
    seen = 0

    def landed(rows: int) -> None:
        nonlocal seen
        seen += rows
        progress(name, contract.name, "reading", seen)

    progress(name, contract.name, "reading", 0)
    origin = Origin(
        source=name,
        dataset=contract.name,
        endpoint=connector.endpoint,
        contract=run.loaded.digests[name, contract.name].current,
        evidence_class=run.evidence_classes[name],
    )
    reading, landing = read_dataset(
        connector,
        contract,
        source=name,
        slot=run.slot,
        into=landing_place(run, name, contract.name),
        clock=run.clock,
        log=lambda event: run.log.write(name, contract.name, event),
        landed=landed,
    )
    record(run, reading, origin, cursor=_high_water(reading))
    found: list[Fact] = []
    if landing is not None:
        if Need.EVALUATION in needed:
            progress(name, contract.name, "judging", reading.rows)
            found.append(evaluate(contract, landing.path))
        reference = run.reference_profiles.get(f"{name}.{contract.name}")
        if Need.PROFILE in needed and reference is not None:
            found += [reference, profile(contract, reference.profile, landing.path)]
        keep(run, landing, origin)
        if (name, contract.name) not in run.compared:
            landing.path.unlink()
    for fact in found:
        record(run, fact, origin)
    progress(name, contract.name, "failed" if reading.failure else "read", reading.rows)
    return reading, found


def _high_water(reading: Reading) -> str | None:
    """The newest event time of a whole reading, unless it lies in the future."""
    newest = reading.newest_event_at
    if newest is None or reading.failure is not None:
        return None
    ahead = (newest - reading.started_at).total_seconds()
    return newest.isoformat() if ahead <= FUTURE_SECONDS else None


def contract_problem_of(run: Run, source: str, dataset: str) -> ContractProblem | None:
    """What is wrong with a dataset's contract; it is recorded, and the source is not asked."""
    text = run.loaded.problems.get((source, dataset))
    if text is None:
        return None
    complaint = ContractProblem(source=source, dataset=dataset, text=text)
    if complaint not in run.facts:
        record(run, complaint, Origin(source=source, dataset=dataset))
    return complaint


def _register(run: Run, source: Source) -> Register:
    """What the pilot's owners wrote down for a source."""
    owner = run.loaded.settings.owners.get(source.name)
    acknowledged = owner.acknowledged if owner else None
    register = Register(
        source=source.name,
        owner=owner.owner if owner else None,
        deputy=owner.deputy if owner else None,
        escalation=owner.escalation if owner else None,
        acknowledged_by=acknowledged.by if acknowledged else None,
        acknowledged_on=acknowledged.on if acknowledged else None,
        recorded_on=run.started_at.astimezone(run.loaded.zone).date(),
    )
    record(run, register, Origin(source=source.name))
    return register
