"""Proving one source: probe, read, land, evaluate, judge.

Never raises for what a source does: that is a fact, and every verdict is judged from facts.
"""

from __future__ import annotations

from collections.abc import Sequence

from connectors.capabilities import in_one_session
from connectors.connector import Connector
from contracts.promises import Contract
from harness.claims import needs, rests_on_several
from harness.claims.claim import Need
from harness.claims.judge import judge_dataset, judge_source
from harness.facts import ContractProblem, Fact, Probed, Register
from harness.ledger.ledger import Origin
from harness.pilot.model import Source
from harness.result import Judged, Planned
from harness.run.circuit_breaker import break_circuit
from harness.run.evaluate import read_and_evaluate
from harness.run.probe import probe
from harness.run.run import Run


def prove_source(run: Run, name: str) -> tuple[Judged, ...]:
    """Read one source, evaluate its datasets and judge every claim that rests on it alone."""
    source = run.config.loaded.source(name)
    planned = [p for p in run.config.planned if p.source == name]
    run.state.record_fact(_register(run, source), Origin(source=name))
    if Need.PROBE in needs(p.claim for p in planned):
        run.progress(name, None, "probing", 0)
        run.state.record_fact(_probed(run, name), Origin(source=name))
    with in_one_session(run.systems[name].connector) as connector:
        _prove_datasets(run, source, connector, planned)
    facts = run.state.facts_of(name)
    run.state.record_verdicts(
        {p: judge_source(p.claim, source.promises, facts) for p in planned if p.dataset is None}
    )
    run.progress(name, None, "done", 0)
    return run.state.verdicts(p for p in planned if not rests_on_several(p.claim))


def _prove_datasets(
    run: Run, source: Source, connector: Connector, planned: Sequence[Planned]
) -> None:
    """Read and judge the datasets of a source, one after the other."""
    for contract in _to_read(source, planned):
        claims = [p for p in planned if p.dataset == contract.name]
        if problem := contract_problem_of(run, source.name, contract.name):
            _judge(run, contract, claims, [problem])
            continue
        needed = needs(p.claim for p in claims)
        reading, found = read_and_evaluate(run, connector, source.name, contract, needed)
        connector = break_circuit(connector, reading)
        earlier = run.history.get((source.name, contract.name), ())
        approved = _approved(run, source.name, contract.name) if Need.BASELINE in needed else ()
        _judge(run, contract, claims, [*earlier, reading, *found, *approved])


def _judge(run: Run, contract: Contract, claims: Sequence[Planned], facts: Sequence[Fact]) -> None:
    """Judge the claims about one dataset that rest on it alone."""
    run.state.record_verdicts(
        {
            p: judge_dataset(p.claim, contract.promises, facts)
            for p in claims
            if not rests_on_several(p.claim)
        }
    )


def _to_read(source: Source, planned: Sequence[Planned]) -> list[Contract]:
    """The datasets whose claims need a reading; all of them where only the source's own do."""
    need = {p.dataset for p in planned if Need.READING in needs([p.claim])}
    if need == {None}:
        return list(source.contracts)
    return [contract for contract in source.contracts if contract.name in need]


def _approved(run: Run, source: str, dataset: str) -> tuple[Fact, ...]:
    """The columns that somebody approved of a dataset, if anybody did."""
    baseline = run.baselines.get((source, dataset))
    if baseline is None:
        return ()
    run.state.record_fact(baseline, Origin(source=source, dataset=dataset))
    return (baseline,)


def contract_problem_of(run: Run, source: str, dataset: str) -> ContractProblem | None:
    """What is wrong with a dataset's contract: recorded once, and the source is not asked."""
    text = run.config.loaded.problems.get((source, dataset))
    if text is None:
        return None
    problem = ContractProblem(source=source, dataset=dataset, text=text)
    if problem not in run.state.facts_of(source):
        run.state.record_fact(problem, Origin(source=source, dataset=dataset))
    return problem


def _probed(run: Run, name: str) -> Probed:
    return probe(
        run.systems[name].connector,
        source=name,
        log=lambda event: run.log.write(name, None, event),
    )


def _register(run: Run, source: Source) -> Register:
    """What the pilot's owners wrote down for a source."""
    settings, zone = run.config.loaded.settings, run.config.loaded.zone
    owner = settings.owners.get(source.name)
    acknowledged = owner.acknowledged if owner else None
    return Register(
        source=source.name,
        owner=owner.owner if owner else None,
        deputy=owner.deputy if owner else None,
        escalation=owner.escalation if owner else None,
        acknowledged_by=acknowledged.by if acknowledged else None,
        acknowledged_on=acknowledged.on if acknowledged else None,
        recorded_on=run.started_at.astimezone(zone).date(),
    )
