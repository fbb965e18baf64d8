"""What each stage of the line costs per million rows, beside a bare read of the same source.

read ─▶ land ─▶ judge ─▶ record            one after the other, each sample beside a bare read
        land, counted: with a profile on a grid of the dataset itself
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.parquet as pq

from bench import floor
from bench.metric import Metric, Sample
from bench.reading import Subject, taken
from connectors.connector import RESERVED
from connectors.events import Event
from contracts.engines import evaluate
from contracts.evaluation import Evaluation
from contracts.grid import grid
from contracts.profile import Tally
from harness.facts import Reading
from harness.ledger.ledger import Header, open_ledger
from harness.run.landing import write_parquet
from harness.run.run_log import RunLog

UNITS = (_OVERHEAD, _CPU, _WALL) = (
    "% of CPU over a bare read",
    "CPU seconds per million rows, floor: a bare read",
    "wall seconds per million rows, floor: a bare read",
)
_STAGES = ("read", "land", "land, counted", "judge", "record")
_OVERHEAD_GOAL = 15
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Of one stage, once; of this process alone, with all its threads."""

    cpu: float
    wall: float


def measured(subject: Subject, folder: Path, *, samples: int) -> list[Metric]:
    """All stages of one dataset `samples` times, ours and bare read first in turn."""
    events: list[Event] = []
    reading, landing = taken(subject, folder / "once.parquet", log=events.append)
    landed = pq.read_table(landing.path)
    _same_values(subject, landed)
    evaluation = evaluate(subject.contract, landing.path, sha256=landing.sha256)
    chosen = grid(subject.contract, landing.path, dataset=subject.contract.name)
    tally = partial(Tally, subject.contract, chosen)
    with _record(folder) as record:
        stages: Mapping[str, Callable[[], object]] = {
            "bare": lambda: _drained(_bare(subject)),
            "read": lambda: _drained(_ours(subject)),
            "land": lambda: _land(subject, landed, folder / "landed.parquet"),
            "land, counted": lambda: _land(subject, landed, folder / "landed.parquet", tally),
            "judge": lambda: evaluate(subject.contract, landing.path, sha256=landing.sha256),
            "record": lambda: record(subject.source, events, reading, evaluation),
        }
        orders = (["bare", *_STAGES], ["read", "bare", *_STAGES[1:]])
        rounds = [
            {stage: _cost(stages[stage]) for stage in orders[number % 2]}
            for number in range(samples)
        ]
    return _metrics(subject.contract.name, rounds, reading.rows)


def overhead(dataset: str, *samples: Sample) -> Metric:
    """What our reading adds to a bare one; without samples it was not measured."""
    return Metric(metric=f"{dataset}: read", unit=_OVERHEAD, samples=samples, goal=_OVERHEAD_GOAL)


def _metrics(dataset: str, rounds: Sequence[Mapping[str, Cost]], rows: int) -> list[Metric]:
    added = [Sample(value=(r["read"].cpu / r["bare"].cpu - 1) * 100) for r in rounds]
    metrics = [overhead(dataset, *added)]
    for stage in _STAGES:
        pairs = [(r[stage], r["bare"]) for r in rounds]
        cpu = [_per_million(ours.cpu, bare.cpu, rows) for ours, bare in pairs]
        wall = [_per_million(ours.wall, bare.wall, rows) for ours, bare in pairs]
        metrics += [
            Metric(metric=f"{dataset}: {stage}", unit=unit, samples=tuple(found))
            for unit, found in ((_CPU, cpu), (_WALL, wall))
        ]
    return metrics


def _per_million(ours: float, bare: float, rows: int) -> Sample:
    return Sample(value=ours * _MILLION / rows, against=bare * _MILLION / rows)


def _cost(stage: Callable[[], object]) -> Cost:
    gc.collect()
    cpu, wall = time.process_time(), time.perf_counter()
    stage()
    return Cost(cpu=time.process_time() - cpu, wall=time.perf_counter() - wall)


def _ours(subject: Subject) -> Iterable[pa.RecordBatch]:
    name, connector = subject.contract.name, subject.connector
    return connector.read(name, schema=subject.schema, emit=lambda _: None)


def _bare(subject: Subject) -> Iterable[pa.RecordBatch]:
    return floor.bare(subject.connector, subject.contract.name, subject.schema)


def _drained(batches: Iterable[pa.RecordBatch]) -> int:
    return sum(batch.num_rows for batch in batches)


def _same_values(subject: Subject, landed: pa.Table) -> None:
    """A floor that gives other values than we do is no floor."""
    keys: list[tuple[str, Literal["ascending", "descending"]]] = [
        (name, "ascending") for name in subject.contract.promises.key
    ]
    ours = landed.drop_columns([name for name in RESERVED if name in landed.column_names])
    bare = pa.Table.from_batches(_bare(subject), subject.schema)
    if not ours.sort_by(keys).equals(bare.sort_by(keys)):
        raise RuntimeError(f"{subject.contract.name}: the bare read gives other values")


def _land(
    subject: Subject,
    table: pa.Table,
    path: Path,
    tally: Callable[[pa.Schema], Tally] | None = None,
) -> None:
    write_parquet(
        table.to_reader(),
        path,
        event_time=subject.contract.promises.event_time,
        landed=lambda *_: None,
        tally=tally,
    )
    path.unlink()


@contextmanager
def _record(
    folder: Path,
) -> Iterator[Callable[[str, Sequence[Event], Reading, Evaluation], None]]:
    """Recording: all events of one reading to a run log, both facts to a ledger."""
    header = Header(pilot="bench", environment="dev", run="bench", slot="2026-01-01", code="bench")

    def now() -> datetime:
        return datetime.now(UTC)

    with open_ledger(folder / "ledger.sqlite") as ledger, RunLog(folder / "log", now=now) as log:
        ledger.begin(header, {}, at=now())

        def record(
            source: str, events: Sequence[Event], reading: Reading, evaluation: Evaluation
        ) -> None:
            for event in events:
                log.write(source, reading.dataset, event)
            ledger.append(header, "reading", reading, at=now())
            ledger.append(header, "evaluation", evaluation, at=now())

        yield record
