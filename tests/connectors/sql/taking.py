"""A reading of a table as a run takes it: landed, with its retries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pandera.polars as pandera
import polars as pl
import pyarrow.parquet as pq

from connectors.connector import Connector
from connectors.events import Event, Retried
from connectors.retry import RetryPolicy
from contracts.promises import Contract, Promises
from harness.clock import Clock
from harness.facts import Reading
from harness.limits import Limits
from harness.run.dataset import read_dataset
from harness.run.recorder import Recorder

CONTRACT = Contract(
    name="it",
    promises=Promises(key=("customer_key",)),
    schema=pandera.DataFrameSchema(
        {
            "customer_key": pandera.Column(pl.Int64, description="The customer's number"),
            "name": pandera.Column(pl.String, nullable=True, description="Its name"),
        }
    ),
)


def soon(attempts: int = 5) -> RetryPolicy:
    """The policy of a reading, with short waits."""
    return RetryPolicy(attempts=attempts, seconds=float("inf"), backoff_seconds=0.2)


@dataclass(slots=True, kw_only=True)
class Taken:
    """What came of it."""

    events: list[Event] = field(default_factory=list)
    reading: Reading | None = None
    keys: list[int] = field(default_factory=list)
    """Of the rows that landed."""

    @property
    def whole(self) -> Reading:
        assert self.reading is not None
        assert self.reading.failure is None, self.reading.failure
        return self.reading

    @property
    def failure(self) -> str:
        assert self.reading is not None
        assert self.reading.failure is not None
        return self.reading.failure.message

    @property
    def retried(self) -> list[Retried]:
        return [event for event in self.events if isinstance(event, Retried)]


def take(
    connector: Connector,
    into: Path,
    *,
    at_rows: Callable[[int], None] = lambda _: None,
    limits: Limits | None = None,
) -> Taken:
    """Read the dataset `it`; `at_rows` is told how many rows have come."""
    taken = Taken()
    recorder = Recorder(
        source="crm",
        contract=CONTRACT,
        slot=datetime(2026, 11, 20, tzinfo=UTC).date(),
        clock=Clock(now=lambda: datetime.now(UTC)),
        limits=limits or Limits(free_disk=0),
        on_event=taken.events.append,
        on_rows=at_rows,
    )
    taken.reading, landing = read_dataset(connector, recorder, into=into / "it.parquet")
    if landing is not None:
        taken.keys = pq.read_table(landing.path)["customer_key"].to_pylist()
    return taken


def times(count: int, action: Callable[[], None]) -> Callable[[int], None]:
    """Do it when rows have come, as often as said: once in each reading."""
    seen = [0]
    done = [0]

    def at(rows: int) -> None:
        begins = rows <= seen[0] or seen[0] == 0
        seen[0] = rows
        if begins and done[0] < count:
            done[0] += 1
            action()

    return at
