"""What a nightly look for drift costs beside a night that reads: a hundred tables, by turns.

Each is a command in a fresh process, from its start to its report. Bytes are those that pass
between it and PostgreSQL, counted on their way.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from sqlalchemy.engine import make_url

from bench import many
from bench.metric import Metric, Sample
from bench.wire import counted
from estate import crm
from estate.folder import temporary_folder

LIBRARIES = ("sqlalchemy", "psycopg", "polars", "pyarrow")
TABLES = 100
_ROWS, _QUICK_ROWS = 20_000, 2_000
_GOAL = 0.1
_SEATRIAL = Path(sys.executable).parent / "seatrial"
_UNPROVEN = 3
"""Nobody approved anything yet."""
_BROKEN = 1
"""Nobody owns this pilot's source."""
_WALL = "wall seconds over those of prove beside it"
_BYTES = "bytes on the wire over those of prove beside it"


def floors() -> list[str]:
    """What the figures stand on."""
    return [
        "prove is the whole night of the same tables, in a process of its own beside each drift."
    ]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """Both, by turns."""
    rows = _QUICK_ROWS if quick else _ROWS
    with temporary_folder(Path(tempfile.gettempdir())) as folder:
        server = crm.start(folder)
        try:
            say(f"{TABLES} tables of {rows:,} rows")
            many.fill(server.admin["dsn"], datasets=TABLES, rows=rows)
            pairs = _pairs(folder, server.environ, 1 if quick else 5, say)
        finally:
            server.stop()
    name = f"drift, {TABLES} tables of {rows:,} rows"
    looks, nights = zip(*pairs, strict=True)
    both = list(zip(looks, nights, strict=True))
    return [
        _ratio(name, _WALL, [(look[0], night[0]) for look, night in both]),
        _ratio(name, _BYTES, [(look[1], night[1]) for look, night in both]),
        _beside(name, "wall seconds, floor: prove", [(a[0], b[0]) for a, b in both]),
        _beside(name, "kB on the wire, floor: prove", [(a[1] / 1e3, b[1] / 1e3) for a, b in both]),
    ]


def _pairs(
    folder: Path, environ: Mapping[str, str], number: int, say: Callable[[str], None]
) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Wall seconds and bytes of a look for drift, and of the night beside it."""
    place = folder / "many"
    many.write(place, sources=1, datasets=TABLES)
    url = make_url(environ["CRM_URL"])
    with counted(url.port or 5432) as (port, passed):
        given = {**environ, "CRM_URL": url.set(port=port).render_as_string(hide_password=False)}

        def cost(command: str, out: Path, code: int) -> tuple[float, float]:
            before, began = passed(), time.perf_counter()
            _run([command, place, "--out", out], given, code)
            return time.perf_counter() - began, float(passed() - before)

        found, first = [], folder / "approved"
        cost("drift", first, _UNPROVEN)  # so that there is something to approve
        _run(["baseline", "approve", place, "--by", "Ada", "--out", first], given, 0)
        for turn in range(number):
            say(f"turn {turn + 1} of {number}")
            out = folder / f"out{turn}"
            found.append((cost("drift", out, 0), cost("prove", out, _BROKEN)))
    return found


def _run(argv: Sequence[str | Path], environ: Mapping[str, str], code: int) -> None:
    """Run a command of ours; raises unless it ends with `code`."""
    usual = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
    ended = subprocess.run(
        [_SEATRIAL, *argv], env={**usual, **environ}, capture_output=True, check=False
    )
    if ended.returncode != code:
        raise RuntimeError(f"{argv} ended with {ended.returncode}: {ended.stderr[-2000:]!r}")


def _ratio(name: str, unit: str, pairs: list[tuple[float, float]]) -> Metric:
    samples = tuple(Sample(value=look / night) for look, night in pairs)
    return Metric(metric=name, unit=unit, samples=samples, goal=_GOAL)


def _beside(name: str, unit: str, pairs: list[tuple[float, float]]) -> Metric:
    samples = tuple(Sample(value=look, against=night) for look, night in pairs)
    return Metric(metric=name, unit=unit, samples=samples)
