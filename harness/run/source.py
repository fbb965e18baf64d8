"""Proving one source: what is to be read, and what comes of it, recorded and judged.

Never raises for what a source does: that is a fact, and every verdict is judged from facts.
"""

from __future__ import annotations

from collections.abc import Sequence

from contracts.promises import Contract
from harness.alerts.acknowledgement import newest
from harness.claims import needs, rests_on_several
from harness.claims.claim import Need
from harness.claims.judge import judge_dataset, judge_source
from harness.facts import ContractProblem, Fact, Reading, Register
from harness.ledger.ledger import Origin
from harness.pilot.model import Source
from harness.result import Judged, Planned
from harness.run.evaluate import read_and_evaluate
from harness.run.run import Run


def prove_source(run: Run, name: str) -> tuple[Judged, ...]:
    """Read one source, evaluate its datasets and judge every claim that rests on it alone."""
    source = run.config.loaded.source(name)
    planned = [p for p in run.config.planned if p.source == name]
    record_register(run, source)
    _prove_datasets(run, source, planned)
    facts = run.state.facts_of(name)
    run.state.record_verdicts(
        {p: judge_source(p.claim, source.promises, facts) for p in planned if p.dataset is None}
    )
    run.progress(name, None, "done", 0)
    return run.verdicts(p for p in planned if not rests_on_several(p.claim))


def _prove_datasets(run: Run, source: Source, planned: Sequence[Planned]) -> None:
    """Probe a source if a claim needs that; read and judge its datasets, one after the other."""
    claims = {c.name: [p for p in planned if p.dataset == c.name] for c in source.contracts}
    needed = {}
    for contract in _to_read(source, planned):
        if problem := contract_problem_of(run, source.name, contract.name):
            judge_claims(run, contract, claims[contract.name], [problem])
        else:
            needed[contract.name] = needs(p.claim for p in claims[contract.name])

    def judge(reading: Reading, found: list[Fact]) -> None:
        name = reading.dataset
        contract = run.config.loaded.pilot.contract(source.name, name)
        earlier = run.history.get((source.name, name), ())
        approved = approved_of(run, source.name, name) if Need.BASELINE in needed[name] else ()
        judge_claims(run, contract, claims[name], [*earlier, reading, *found, *approved])

    probe = Need.PROBE in needs(p.claim for p in planned)
    read_and_evaluate(run, source.name, needed, judge, probe=probe)


def judge_claims(
    run: Run, contract: Contract, claims: Sequence[Planned], facts: Sequence[Fact]
) -> None:
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


def approved_of(run: Run, source: str, dataset: str) -> tuple[Fact, ...]:
    """The columns that were declared before, and those that somebody approved, if anybody did."""
    before = run.declared.get((source, dataset))
    earlier = () if before is None else (before,)
    baseline = run.baselines.get((source, dataset))
    if baseline is None:
        return earlier
    run.state.record_fact(baseline, Origin(source=source, dataset=dataset))
    return (*earlier, baseline)


def contract_problem_of(run: Run, source: str, dataset: str) -> ContractProblem | None:
    """What is wrong with a dataset's contract: recorded once, and the source is not asked."""
    text = run.config.loaded.problems.get((source, dataset))
    if text is None:
        return None
    problem = ContractProblem(source=source, dataset=dataset, text=text)
    if problem not in run.state.facts_of(source):
        run.state.record_fact(problem, Origin(source=source, dataset=dataset))
    return problem


def record_register(run: Run, source: Source) -> None:
    """Record who answers for a source."""
    run.state.record_fact(_register(run, source), Origin(source=source.name))


def _register(run: Run, source: Source) -> Register:
    """What the pilot's owners wrote down for a source, and who acknowledged it since."""
    settings, zone = run.config.loaded.settings, run.config.loaded.zone
    owner = settings.owners.get(source.name)
    acknowledged = newest(owner.acknowledged if owner else None, run.acknowledged.get(source.name))
    return Register(
        source=source.name,
        owner=owner.owner if owner else None,
        deputy=owner.deputy if owner else None,
        escalation=owner.escalation if owner else None,
        acknowledged_by=acknowledged.by if acknowledged else None,
        acknowledged_on=acknowledged.on if acknowledged else None,
        recorded_on=run.started_at.astimezone(zone).date(),
    )
