"""Looking for drift: each source is asked for its columns alone, and no row is read.

    running ─▶ ask_source, for each source ─▶ finish

Its facts are no readings: no night of a feed is counted by them. It does not ping the heartbeat,
as it says nothing of the night in which all is read.
"""

from __future__ import annotations

from collections.abc import Sequence

from connectors.events import Waited
from harness.claims import stable_schema
from harness.facts import Declaration
from harness.pilot.model import Pilot
from harness.pilot.plan import plan
from harness.progress import WAITING, Progress, silent
from harness.result import Judged, Planned, Result
from harness.run.boxed import boxed
from harness.run.circuit_breaker import why_not_asked
from harness.run.config import RunConfig
from harness.run.evaluate import LONG_SECONDS
from harness.run.lifecycle import finish, running
from harness.run.prove import publish
from harness.run.run import Run
from harness.run.source import approved_of, contract_problem_of, judge_claims, record_register
from harness.run.sources import each_source
from harness.run.task import AskColumns, Columns, Happened, Message, Stage
from harness.run.workplace import Workplace
from harness.signals import held


def plan_drift(pilot: Pilot, datasets: Sequence[str] = ()) -> tuple[Planned, ...]:
    """What a look for drift owes: that each dataset's columns are as somebody approved them."""
    return plan(pilot, datasets=datasets, claims=[stable_schema.CLAIM.name])


def look_for_drift(
    config: RunConfig, *, progress: Progress = silent, workplace: Workplace = boxed
) -> Result:
    """Ask for what is planned, judge it and write `drift.json` and `drift.html`."""
    with running(config, progress=progress, workplace=workplace) as run:
        each_source(run, ask_source)
        with held():
            result = finish(run)
            publish(result, config.published)
    return result


def ask_source(run: Run, name: str) -> tuple[Judged, ...]:
    """Ask one source for the columns of its planned datasets, and judge them.

    Never raises for what a source does: that is a fact.
    """
    source = run.config.loaded.source(name)
    planned = {p.dataset: p for p in run.config.planned if p.source == name}
    record_register(run, source)
    asked = []
    for contract in source.contracts:
        if contract.name not in planned:
            continue
        if problem := contract_problem_of(run, name, contract.name):
            judge_claims(run, contract, [planned[contract.name]], [problem])
        else:
            asked.append(contract.name)

    def hear(message: Message) -> None:
        match message:
            case Stage():
                run.progress(name, message.dataset, message.stage, 0)
            case Happened():
                run.log.write(name, message.dataset, message.event)
                if isinstance(message.event, Waited) and message.event.seconds >= LONG_SECONDS:
                    run.progress(name, message.dataset, WAITING, 0)
            case Columns():
                _judge(run, planned, message.declaration)

    if asked:
        run.work(run, _task(run, name, asked), hear)
    run.progress(name, None, "done", 0)
    return run.verdicts(planned.values())


def _task(run: Run, name: str, asked: Sequence[str]) -> AskColumns:
    contracts = {c.name: c for c in run.config.loaded.source(name).contracts}
    return AskColumns(
        source=name,
        datasets=tuple(asked),
        columns={one: tuple(contracts[one].schema.columns) for one in asked},
        refused=why_not_asked(run.state.sights_of(name)),
        slot=run.config.slot,
        since=run.counted_from,
        zone=run.config.loaded.settings.zone,
        limits=run.config.loaded.limits,
    )


def _judge(run: Run, planned: dict[str | None, Planned], declaration: Declaration) -> None:
    """Record what was declared, and judge it."""
    source, dataset = declaration.source, declaration.dataset
    run.state.record_fact(declaration, run.origin(source, dataset))
    run.progress(source, dataset, "failed" if declaration.failure else "asked", 0)
    contract = run.config.loaded.pilot.contract(source, dataset)
    facts = [*approved_of(run, source, dataset), declaration]
    judge_claims(run, contract, [planned[dataset]], facts)
