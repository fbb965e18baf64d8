"""What many datasets ask of one API that is down.

Time passes only while somebody waits. The API is a real server on loopback; the datasets are read
as a run reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandera.polars as pa
import polars as pl
from msgspec.structs import replace

from connectors.rate_limiter import RateLimiter
from connectors.rest.auth.no_auth import NoAuth
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators.single import single
from connectors.retry import RetryPolicy
from contracts.digest import digest
from contracts.promises import Contract, Promises
from harness.clock import Clock
from harness.facts import Probed, Reading
from harness.limits import Limits
from harness.run import work
from harness.run.task import Asked, Done, Message, Read, ToRead
from tests.connectors import scripted
from tests.connectors.scripted import Said

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
PAGE = Said([{"id": 1}])
Answer = Callable[[scripted.Asked, float], Said]
"""To a request, at a time in seconds."""


@dataclass(slots=True)
class Time:
    """It passes only while somebody waits."""

    now: float = 0.0

    def monotonic(self) -> float:
        """Seconds since it began."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let it pass."""
        self.now += seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What came of one night."""

    paths: list[str]
    """Of all requests, in order."""
    readings: list[Reading]
    probed: list[Probed]
    seconds: float

    @property
    def lost(self) -> int:
        """Datasets that were not read."""
        return sum(reading.failure is not None for reading in self.readings)


LIMITS = Limits(free_disk=0)


def read(
    datasets: int, answer: Answer, *, limits: Limits = LIMITS, probe: bool = False, **changes: Any
) -> Night:
    """Read so many datasets of one page each from an API that answers so, after its probes if that
    is wanted; `changes` are of its connector.
    """
    time = Time()
    names = [f"d{number}" for number in range(datasets)]
    contracts = {name: _contract(name) for name in names}
    told: list[Message] = []
    with (
        scripted.scripted(lambda asked: answer(asked, time.now)) as api,
        TemporaryDirectory() as folder,
    ):
        settings: Mapping[str, Any] = {
            "auth": NoAuth(),
            "endpoints": {n: Endpoint(path=f"/{n}", pages=single(), rows=()) for n in names},
            "budget": RateLimiter(1_000, 1, monotonic=time.monotonic, sleep=time.sleep),
            "patience": RetryPolicy(monotonic=time.monotonic, sleep=time.sleep),
        }
        work.read(
            replace(_task(contracts, Path(folder), limits), probe=probe),
            api.rest(**{**settings, **changes}),
            contracts,
            Clock(now=lambda: NOON, monotonic=time.monotonic),
            told.append,
        )
        return Night(
            paths=api.paths(),
            readings=[message.reading for message in told if isinstance(message, Done)],
            probed=[message.probed for message in told if isinstance(message, Asked)],
            seconds=time.now,
        )


def _task(contracts: Mapping[str, Contract], folder: Path, limits: Limits) -> Read:
    return Read(
        source="api",
        probe=False,
        datasets=tuple(
            ToRead(
                dataset=name,
                digest=digest(contract),
                into=str(folder / f"{name}.parquet"),
                evaluate=False,
                profile=None,
            )
            for name, contract in contracts.items()
        ),
        refused=None,
        permission=None,
        slot=NOON.date(),
        since=NOON,
        zone="UTC",
        limits=limits,
    )


def _contract(name: str) -> Contract:
    schema = pa.DataFrameSchema({"id": pa.Column(pl.Int64, description="Its number")}, strict=True)
    return Contract(name=name, promises=Promises(key=("id",)), schema=schema)
