"""What the box costs and holds: CPU beside an older build, memory of sources that want all of it,
and attempts to get through.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench import attempts, filling
from bench.metric import Metric, Sample

LIBRARIES = ("pandera", "polars", "pyarrow", "sqlalchemy", "psycopg", "httpx")
_OWN = Path(__file__).with_name("own.py")
AGAINST: list[Path] = []
"""The older checkout, if one was given: `--against DIR`."""
_REPOSITORY = Path(__file__).parent.parent
_DEMO = "CPU seconds over the older build's beside it"
_TABLES = "CPU seconds of our own over a bare read, floor: the older build"
_PEAK = "share of its limit of memory, at most"
_THROUGH = "attempts that got through, of as many as the name says"


def floors() -> list[str]:
    """What the figures stand on."""
    beside = (
        "The older build is measured by turns with this one, in processes of their own: each "
        "process, its helper and its children count, the demo's servers do not."
    )
    peak = (
        "A dataset wants more than the limit of its child; what was resident at most is measured."
    )
    return [beside, peak]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """All metrics; without an older checkout nothing is measured beside one."""
    rounds = 1 if quick else 5
    demo, tables = list[Sample](), list[Sample]()
    for number, against in enumerate(AGAINST * rounds):
        say(f"round {number + 1} of {rounds}: the demo and {100} tables, older build and this")
        demo.append(_beside(against, "demo"))
        tables.append(_beside(against, "tables"))
    ratios = [Sample(value=s.value / s.against) for s in demo if s.against]
    metrics = [
        Metric(metric="demo, SF 0.01", unit=_DEMO, samples=tuple(ratios), goal=1.1),
        Metric(metric="demo, seconds", unit=_DEMO, samples=tuple(demo)),
        Metric(metric="100 tables of one source", unit=_TABLES, samples=tuple(tables), goal=2.6),
    ]
    for name, shares in filling.peaks(say=say).items():
        samples = tuple(Sample(value=share) for share in shares)
        metrics.append(Metric(metric=name, unit=_PEAK, samples=samples, goal=1.0, summary=max))
    if not quick:
        say("every test that is an attempt")
        metrics += [
            Metric(
                metric=f"item {item} ({made})",
                unit=_THROUGH,
                samples=(Sample(value=made - held),),
                goal=0,
            )
            for item, (made, held) in attempts.attempts().items()
        ]
    return metrics


def _beside(against: Path, what: str) -> Sample:
    return Sample(value=_spent(_REPOSITORY, what), against=_spent(against, what))


def _spent(checkout: Path, what: str) -> float:
    with tempfile.TemporaryDirectory() as out:
        argument = out if what == "demo" else "2"
        ended = subprocess.run(
            [sys.executable, "-P", _OWN, what, argument],
            cwd=checkout,
            env={**os.environ, "PYTHONPATH": str(checkout)},
            stdout=subprocess.PIPE,
            check=True,
        )
    samples: list[float] = json.loads(ended.stdout.splitlines()[-1])
    return min(samples)
