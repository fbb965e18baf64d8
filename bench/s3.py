"""What a bucket of many objects costs over a slow network, beside an older build."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from bench import box
from bench.bucket import SCHEMA
from bench.delay import delayed
from bench.metric import Metric, Sample
from estate import billing

LIBRARIES = ("pyarrow",)
_READS = Path(__file__).with_name("bucket.py")
_REPOSITORY = Path(__file__).parent.parent
_SLOW_SECONDS = 0.02
_IN_A_FOLDER = 40
"""The server reads a whole folder for each request."""
_WALL, _CPU = "wall seconds, floor: the older build", "CPU seconds, floor: the older build"
_MEMORY = "MB over its imports at most, floor: the older build"
_SHARE = "of what the older build beside it took"
_Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """What is read, how slowly its store answers, and what was promised of each figure."""

    name: str
    glob: str
    delay: float
    goals: Mapping[str, float]


def floors() -> list[str]:
    """What the figures stand on."""
    served = (
        "rclone serves the bucket on this machine. A relay in a process of its own holds back "
        "each answer."
    )
    beside = (
        "The older build reads by turns with this one, in a process of its own. Every reading "
        "must give the same rows in the same order."
    )
    return [served, beside]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """All metrics; without an older checkout nothing is measured beside one."""
    objects, rounds = (120, 1) if quick else (1_200, 3)
    cases = [
        _Case(
            name=f"{objects:,} objects, + 20 ms",
            glob="small/day=*/*.parquet",
            delay=_SLOW_SECONDS,
            goals={"wall": 0.25, "memory": 1.2},
        ),
        _Case(
            name=f"{objects:,} objects, + 0 ms",
            glob="small/day=*/*.parquet",
            delay=0.0,
            goals={"wall": 1.0, "memory": 1.2},
        ),
        _Case(
            name="40 of 4 MB, + 20 ms",
            glob="medium/day=*/*.parquet",
            delay=_SLOW_SECONDS,
            goals={"memory": 1.2},
        ),
        _Case(
            name="4 of 40 MB, + 20 ms",
            glob="large/day=*/*.parquet",
            delay=_SLOW_SECONDS,
            goals={"memory": 1.2},
        ),
    ]
    with tempfile.TemporaryDirectory(prefix="st-") as folder:
        server = billing.start(Path(folder))
        try:
            _fill(Path(server.admin["root"], server.environ["BILLING_BUCKET"]), objects)
            found = [one for case in cases for one in _case(case, server.environ, rounds, say)]
            return sorted(found, key=lambda one: one.unit)
        finally:
            server.stop()


def _fill(bucket: Path, objects: int) -> None:
    for folder, count, rows, size in (
        ("small", objects, 50, 100),
        ("medium", 40, 40, 100_000),
        ("large", 4, 400, 100_000),
    ):
        for number in range(count):
            keys = [number * rows + row for row in range(rows)]
            values = [os.urandom(size) for _ in keys]
            table = pa.table({"key": keys, "value": values}, schema=SCHEMA)
            day = bucket / folder / f"day={number // _IN_A_FOLDER:02}"
            day.mkdir(parents=True, exist_ok=True)
            name = day / f"part-{number:05}.parquet"
            pq.write_table(table, name, row_group_size=rows // 4)


def _case(
    case: _Case, environ: Mapping[str, str], rounds: int, say: Callable[[str], None]
) -> list[Metric]:
    port = urlsplit(environ["BILLING_ENDPOINT"]).port
    assert port is not None
    pairs = list[tuple[_Figures, _Figures | None]]()
    with delayed(port, case.delay) as slow:
        at = (
            environ
            if not case.delay
            else {**environ, "BILLING_ENDPOINT": f"http://127.0.0.1:{slow}"}
        )
        for number in range(rounds):
            say(f"{case.name}, round {number + 1} of {rounds}")
            builds = [_REPOSITORY, *box.AGAINST]
            if number % 2:
                builds.reverse()
            found = {build: _reading(build, case.glob, at) for build in builds}
            if len({figures["rows"] for figures in found.values()}) > 1:
                raise RuntimeError(f"{case.name}: the builds gave other rows, or another order")
            pairs.append((found[_REPOSITORY], next((found[one] for one in box.AGAINST), None)))
    return [
        metric
        for figure, unit in (("wall", _WALL), ("cpu", _CPU), ("memory", _MEMORY))
        for metric in _beside(case, figure, unit, pairs)
    ]


def _beside(
    case: _Case, figure: str, unit: str, pairs: list[tuple[_Figures, _Figures | None]]
) -> list[Metric]:
    samples = tuple(
        Sample(value=now[figure], against=None if before is None else before[figure])
        for now, before in pairs
    )
    metrics = [Metric(metric=case.name, unit=unit, samples=samples)]
    if figure in case.goals:
        shares = tuple(Sample(value=s.value / s.against) for s in samples if s.against)
        goal = case.goals[figure]
        metrics.append(
            Metric(metric=f"{case.name}: {figure}", unit=_SHARE, samples=shares, goal=goal)
        )
    return metrics


def _reading(checkout: Path, glob: str, environ: Mapping[str, str]) -> dict[str, float]:
    ended = subprocess.run(
        [sys.executable, "-P", _READS, glob],
        cwd=checkout,
        env={"PATH": "/usr/bin:/bin", **environ, "PYTHONPATH": str(checkout)},
        stdout=subprocess.PIPE,
        check=True,
    )
    figures: dict[str, float] = json.loads(ended.stdout)
    return figures
