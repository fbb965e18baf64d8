"""The line against its floor: what reading, landing, judging and recording cost, in time and in
memory, and whether the vendor had to refuse us.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from bench import floor, larger, memory, quota, stages
from bench.metric import Metric, Sample
from bench.reading import Subject, subjects
from connectors.files.connector import Files
from connectors.sql.connector import Sql
from estate import vendor
from estate.lifecycle import Running, running

LIBRARIES = ("sqlalchemy", "psycopg", "asyncssh", "httpx", "pyarrow", "pandera", "polars")
_SMALL, _LARGE = 0.1, 1.0
_DATASETS = ("customers", "shipments", "parts", "prices")
_MEMORY = "MB resident over the import floor, to read and land"
_MEMORY_GOAL = 300
_NO_OBSTACLE = {"requests": 10_000, "seconds": 10, "token_seconds": 3600}


def floors() -> list[str]:
    """What each floor is, in one sentence."""
    return [" ".join((bare.__doc__ or "").split()) for bare in (floor.sql, floor.sftp, floor.rest)]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """All metrics; in a quick run those that take long have no samples."""
    rows, samples = (100_000, 3) if quick else (500_000, 7)
    with _estate(_SMALL, say) as (estate, unmetered):
        subject = subjects(unmetered)
        by_size = [*_enlarged(estate, subject, rows), subject["parts"], subject["prices"]]
        costs: list[Metric] = []
        for read in by_size[:-1] if quick else by_size:
            say(f"{read.contract.name}: the cost of each stage, {samples} times")
            costs += _costs(estate, read, samples)
        if quick:
            costs.append(stages.overhead("prices"))
        gateway = Path(estate.servers[-1].admin["log"])
        metered = [subjects(estate.environ)[name] for name in ("parts", "prices")]
        say("memory at SF 0.1, and meanwhile the vendor under its quota")
        with ThreadPoolExecutor(1) as beside:  # it mostly waits, and no CPU is measured now
            refused = beside.submit(quota.refusals, metered, gateway)
            resident = _memory(_SMALL, unmetered)
            refusals = [refused.result()]
        if quick:
            refusals.append(quota.control())
            resident += [_resident(name, _LARGE) for name in _DATASETS]
        else:
            say("the vendor under its quota, and we without a budget")
            refusals.append(quota.control(quota.unbudgeted(metered, gateway)))
    if not quick:
        with _estate(_LARGE, say) as (_, unmetered):
            say("memory at SF 1")
            resident += _memory(_LARGE, unmetered)
    costs.sort(key=lambda metric: stages.UNITS.index(metric.unit))
    return [*costs, *resident, *refusals]


@contextmanager
def _estate(
    scale: float, say: Callable[[str], None]
) -> Iterator[tuple[Running, Mapping[str, str]]]:
    """The estate, and its environment with a second vendor of the same data, whose quota is no
    obstacle.
    """
    with running(scale=scale, say=say) as estate:
        base = estate.folder / "unmetered"
        base.mkdir(mode=0o711)
        server = vendor.start(base, estate.folder / "vendor.sqlite", **_NO_OBSTACLE)
        try:
            yield estate, {**estate.environ, **server.environ}
        finally:
            server.stop()


def _enlarged(estate: Running, subject: Mapping[str, Subject], rows: int) -> Iterator[Subject]:
    admin = {server.name: server.admin for server in estate.servers}
    customers, shipments = subject["customers"], subject["shipments"]
    assert isinstance(customers.connector, Sql)
    assert isinstance(shipments.connector, Files)
    yield customers.at(larger.customers(admin["crm"], customers.connector, rows))
    yield shipments.at(larger.shipments(admin["logistics"], shipments.connector, rows))


def _costs(estate: Running, subject: Subject, samples: int) -> list[Metric]:
    folder = estate.folder / f"bench-{subject.contract.name}"
    folder.mkdir()
    return stages.measured(subject, folder, samples=samples)


def _memory(scale: float, environ: Mapping[str, str]) -> list[Metric]:
    return [
        _resident(name, scale, Sample(value=memory.measured(name, environ).over_floor))
        for name in _DATASETS
    ]


def _resident(dataset: str, scale: float, *samples: Sample) -> Metric:
    name = f"{dataset}, SF {scale:g}"
    return Metric(metric=name, unit=_MEMORY, samples=samples, goal=_MEMORY_GOAL, summary=max)
