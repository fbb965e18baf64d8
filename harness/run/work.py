"""The work on a source's bytes: probe, read, land, evaluate, count.

It knows no ledger, no plan and no verdict. What it finds it tells. Never raises for what a source
does: that is told, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from connectors.capabilities import in_one_session
from connectors.connector import Connector
from contracts import overlap
from contracts.engines import evaluate
from contracts.evaluation import KeysFound
from contracts.promises import Contract
from harness.clock import Clock
from harness.facts import Failure
from harness.run.asking import Asking, ask
from harness.run.circuit_breaker import OpenCircuit, break_circuit
from harness.run.dataset import read_dataset
from harness.run.failure import failure_of
from harness.run.landing import leave_room, sha256
from harness.run.probe import probe
from harness.run.recorder import Recorder
from harness.run.task import (
    AskColumns,
    Asked,
    Columns,
    Count,
    Counted,
    Done,
    Happened,
    Landed,
    Read,
    Stage,
    Tell,
    ToRead,
)


def read(
    task: Read, connector: Connector, contracts: Mapping[str, Contract], clock: Clock, tell: Tell
) -> None:
    """Probe the source and read its datasets, in one session if it keeps one."""
    if task.probe:
        tell(Stage(dataset=None, stage="probing"))
        answers = probe(
            connector,
            source=task.source,
            permission=task.permission,
            log=lambda event: tell(Happened(dataset=None, event=event)),
        )
        tell(Asked(probed=answers))
    if task.refused is not None:
        connector = OpenCircuit(endpoint=connector.endpoint, why=task.refused)
    with in_one_session(connector) as session:
        current = session
        for asked in task.datasets:
            tell(Stage(dataset=asked.dataset, stage="reading"))
            recorder = _recorder(task, contracts[asked.dataset], clock, tell)
            done = _read_one(current, recorder, asked, tell)
            tell(done)
            current = break_circuit(current, [done.reading])


def ask_columns(task: AskColumns, connector: Connector, clock: Clock, tell: Tell) -> None:
    """Ask the source for the columns of its datasets, in one session if it keeps one."""
    if task.refused is not None:
        connector = OpenCircuit(endpoint=connector.endpoint, why=task.refused)
    with in_one_session(connector) as session:
        current = session
        for name in task.datasets:
            tell(Stage(dataset=name, stage="asking"))
            declaration = ask(current, _asking(task, name, clock, tell), task.columns[name])
            tell(Columns(declaration=declaration))
            current = break_circuit(current, [declaration])


def _asking(task: AskColumns, name: str, clock: Clock, tell: Tell) -> Asking:
    """An asking that tells every event."""
    return Asking(
        source=task.source,
        dataset=name,
        slot=task.slot,
        since=task.since,
        zone=ZoneInfo(task.zone),
        clock=clock,
        on_event=lambda event: tell(Happened(dataset=name, event=event)),
    )


def _recorder(task: Read, contract: Contract, clock: Clock, tell: Tell) -> Recorder:
    """A recorder that tells every event, and how many rows have come."""
    name = contract.name
    return Recorder(
        source=task.source,
        contract=contract,
        slot=task.slot,
        clock=clock,
        since=task.since,
        zone=ZoneInfo(task.zone),
        limits=task.limits,
        on_event=lambda event: tell(Happened(dataset=name, event=event)),
        on_rows=lambda rows: tell(Stage(dataset=name, stage="reading", rows=rows)),
    )


def _read_one(connector: Connector, recorder: Recorder, asked: ToRead, tell: Tell) -> Done:
    """Read one dataset and count in its rows what is wanted, if the reading is whole."""
    reading, landing = read_dataset(connector, recorder, into=asked.path, grid=asked.profile)
    if landing is None:
        return Done(reading=reading)
    contract = recorder.contract
    counts = None
    try:
        if asked.evaluate:
            tell(Stage(dataset=asked.dataset, stage="judging", rows=reading.rows))
            counts = evaluate(contract, landing.path, sha256=landing.sha256)
    except Exception as error:  # noqa: BLE001 - whatever ends the counting is a fact about it
        landing.path.unlink()
        return Done(reading=recorder.reading(None, failure_of(error)))
    return Done(reading=reading, evaluation=counts, profile=landing.profile)


def count(task: Count, tell: Tell) -> None:
    """Count the keys of one landing in another."""
    found: KeysFound | None = None
    failure: Failure | None = None
    try:
        found = overlap.count(
            task.promised,
            _unchanged(task.ours),
            _unchanged(task.theirs),
            make_room=partial(leave_room, least_free=task.limits.free_disk),
        )
    except Exception as error:  # noqa: BLE001 - whatever ends the counting is a fact about it
        failure = failure_of(error)
    tell(Counted(found=found, failure=failure))


def _unchanged(landed: Landed) -> Path:
    """The file, if it is what was read: what counts ignores the checksums of Parquet."""
    path = Path(landed.file)
    if sha256(path) != landed.sha256:
        raise OSError("what landed is not what was read")
    return path
