"""The demo beside an older build: CPU, seconds and memory of our own processes, not its servers'.

Both builds by turns ─▶ `own.py whole` in a process of its own ─▶ watched from here
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.box import AGAINST
from bench.metric import Metric, Sample
from bench.processes import below, peak, proportional

LIBRARIES = ("pandera", "polars", "pyarrow", "psycopg", "asyncssh", "httpx")
_OWN = Path(__file__).with_name("own.py")
_REPOSITORY = Path(__file__).parent.parent
_HELPER = b"harness.run.child"
"""Stands in the command line of the helper and its children, and of no server."""
_EVERY_SECONDS = 0.2
_RATIO = "CPU seconds over the older build's beside it"
_CPU = "CPU seconds, floor: the older build"
_WALL = "wall seconds, floor: the older build"
_MEMORY = "MB of the command alone at most, floor: the older build"
_TOGETHER = "MB of all its processes at one time, floor: the older build"
_GOALS: Mapping[str, float] = {_RATIO: 0.5, _WALL: 95, _MEMORY: 500}
"""At scale factor 1."""


def floors() -> list[str]:
    """What the figures stand on."""
    ours = (
        "The older build is measured by turns with this one. CPU and memory are those of the "
        "process, its helper and its children, imports and all; the demo's servers do not count. "
        "The process also makes the data of its servers: what that takes stands on its own."
    )
    return [ours]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What one demo took."""

    cpu: float
    data: float
    """CPU seconds of making and loading its sources' data, of `cpu`."""
    wall: float
    alone: float
    """MB resident in the command itself, at most."""
    together: float
    """MB resident in all processes of ours at one time, at most; what they share counts once."""


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """All metrics at scale factor 1, in a quick run at 0.1 and without goals."""
    scale, rounds = (0.1, 1) if quick else (1.0, 3)
    pairs: list[tuple[Whole, Whole | None]] = []
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}: the demo at SF {scale:g}")
        before = [_whole(older, scale) for older in AGAINST]
        pairs.append((_whole(_REPOSITORY, scale), before[0] if before else None))
    return list(_metrics(f"SF {scale:g}", pairs, has_goals=not quick))


def _metrics(
    name: str, pairs: list[tuple[Whole, Whole | None]], *, has_goals: bool
) -> Iterator[Metric]:
    of: Mapping[str, tuple[str, Callable[[Whole], float]]] = {
        name: (_CPU, lambda whole: whole.cpu),
        "of it, the sources' data": (_CPU, lambda whole: whole.data),
        "of it, both trials": (_CPU, lambda whole: whole.cpu - whole.data),
        f"{name}, both trials": (_WALL, lambda whole: whole.wall),
        f"{name}, alone": (_MEMORY, lambda whole: whole.alone),
        f"{name}, together": (_TOGETHER, lambda whole: whole.together),
    }
    ratios = [Sample(value=now.cpu / before.cpu) for now, before in pairs if before]
    goals = _GOALS if has_goals else {}
    yield Metric(metric=name, unit=_RATIO, samples=tuple(ratios), goal=goals.get(_RATIO))
    for metric, (unit, figure) in of.items():
        samples = [
            Sample(value=figure(now), against=figure(before) if before else None)
            for now, before in pairs
        ]
        yield Metric(metric=metric, unit=unit, samples=tuple(samples), goal=goals.get(unit))


def _whole(checkout: Path, scale: float) -> Whole:
    environ = {**os.environ, "PYTHONPATH": str(checkout)}
    with tempfile.TemporaryDirectory() as out, tempfile.TemporaryFile() as said:
        began = time.monotonic()
        argv = [sys.executable, "-P", str(_OWN), "whole", out, f"{scale:g}"]
        child = subprocess.Popen(argv, cwd=checkout, env=environ, stdout=said)
        alone = together = 0.0
        while child.poll() is None:
            alone = max(alone, peak(child.pid))
            together = max(together, sum(map(proportional, [child.pid, *ours(child.pid)])))
            time.sleep(_EVERY_SECONDS)
        wall = time.monotonic() - began
        if child.returncode:
            raise RuntimeError(f"the demo of {checkout} ended with {child.returncode}")
        said.seek(0)
        cpu, data = json.loads(said.read().splitlines()[-1])
    return Whole(cpu=cpu, data=data, wall=wall, alone=alone, together=together)


def ours(pid: int) -> list[int]:
    """Below a process, the helper and its children: none of the demo's servers."""
    return [one for one in below(pid) if _HELPER in _command(one)]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has ended meanwhile
        return b""
