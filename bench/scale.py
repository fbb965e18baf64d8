"""What many datasets cost: the command line's start, Dagster's definitions, a run over a hundred
small tables, and the demo at a hundred times its size.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pyarrow as pa

from bench import floor, many
from bench.metric import Metric, Sample
from bench.own import cpu_seconds
from bench.processes import Spent, spent
from connectors.sql.connector import Sql
from contracts.arrow_schema import arrow_schema
from estate import crm
from estate.folder import temporary_folder
from harness.ledger.ledger import utc_now
from harness.pilot import loading
from harness.pilot.connect import connect
from harness.pilot.model import LoadedPilot
from harness.pilot.plan import plan
from harness.run.config import RunConfig
from harness.run.prove import prove

LIBRARIES = ("typer", "dagster", "pandera", "polars", "sqlalchemy", "psycopg")
_SEATRIAL = Path(sys.executable).parent / "seatrial"
_HELP = "wall seconds of a fresh process, floor: python -c pass"
_LOAD = "wall seconds of a fresh process, floor: bare assets and checks"
_LOAD_CPU = "CPU seconds of a fresh process, floor: bare assets and checks"
_LOAD_RATIO = "wall seconds over those of bare assets and checks"
_RUN = "CPU seconds of our own over a bare read, floor: the bare read"
_RUN_WALL = "wall seconds, floor: the bare read"
_DEMO = "wall seconds"
_MEMORY = "MB at most"
_GOALS: Mapping[str, float] = {
    _HELP: 0.1,
    _LOAD_RATIO: 1.25,
    _RUN: 2,
    _DEMO: 180,
    _MEMORY: 1500,
}
_SHAPES = ((10, 100), (100, 10), (1000, 1))
_SMALL = 100
_SCALES = (0.1, 1.0)


def floors() -> list[str]:
    """What each floor is, in one sentence."""
    return [" ".join((bare.__doc__ or "").split()) for bare in (many.bare, floor.sql)]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """All metrics; in a quick run those that take long have no samples."""
    say("seatrial --help, and what it stands on")
    metrics = _help(samples=5 if quick else 21)
    with temporary_folder(Path(tempfile.gettempdir())) as folder:
        for shape in _SHAPES:
            say(f"Dagster's definitions of {shape[0]} x {shape[1]} datasets")
            left_out = quick and shape != _SHAPES[0]
            metrics += _load(folder, *shape, samples=0 if left_out else 3 if quick else 9)
        say(f"a run over {_SMALL} tables")
        metrics += _run(folder, samples=2 if quick else 9)
        for scale in _SCALES:
            say(f"the demo at SF {scale:g}" + (", not measured" if quick else ""))
            metrics += _demo(folder, scale, samples=0 if quick else 1)
    order = [_HELP, _LOAD_RATIO, _LOAD, _LOAD_CPU, _RUN, _RUN_WALL, _DEMO, _MEMORY]
    return sorted(metrics, key=lambda metric: order.index(metric.unit))


def _metric(name: str, unit: str, samples: list[Sample], *, goal: bool = True) -> Metric:
    held_to = _GOALS.get(unit) if goal else None
    return Metric(metric=name, unit=unit, samples=tuple(samples), goal=held_to)


def _help(*, samples: int) -> list[Metric]:
    typer, ours = list[Sample](), list[Sample]()
    for _ in range(samples):
        nothing = spent([sys.executable, "-c", "pass"], {}).wall
        imported = spent([sys.executable, "-c", "import typer"], {}).wall
        typer.append(Sample(value=imported, against=nothing))
        ours.append(Sample(value=spent([_SEATRIAL, "--help"], {}).wall, against=nothing))
    return [_metric("--help", _HELP, ours), _metric("import typer", _HELP, typer, goal=False)]


def _load(folder: Path, sources: int, datasets: int, *, samples: int) -> list[Metric]:
    """A fresh process from its start to the repository, its jobs and its asset graph."""
    place = folder / f"many{sources}x{datasets}"
    many.write(place, sources=sources, datasets=datasets)
    child = [sys.executable, "-m", "bench.many"]
    planned = plan(loading.load(place).pilot)
    of_source = sum(p.dataset is None for p in planned) // sources
    of_dataset = (len(planned) // sources - of_source) // datasets
    bare = [*child, "bare", *map(str, (sources, datasets, of_source, of_dataset))]
    pairs: list[tuple[Spent, Spent]] = [
        (spent([*child, "ours"], {"SEATRIAL_PILOT": str(place)}), spent(bare, {}))
        for _ in range(samples)
    ]
    name = f"{sources} x {datasets} datasets"
    metrics = [
        _metric(name, _LOAD, [Sample(value=a.wall, against=b.wall) for a, b in pairs]),
        _metric(name, _LOAD_CPU, [Sample(value=a.cpu, against=b.cpu) for a, b in pairs]),
        _metric(name, _LOAD_RATIO, [Sample(value=a.wall / b.wall) for a, b in pairs]),
    ]
    if (sources, datasets) == _SHAPES[0]:
        dagster = [sys.executable, "-c", "import dagster"]
        alone = [Sample(value=spent(dagster, {}).wall) for _ in range(samples)]
        metrics.insert(1, _metric("import dagster", _LOAD, alone, goal=False))
    return metrics


def _run(folder: Path, *, samples: int) -> list[Metric]:
    """One run of all claims and its report, beside a bare read of the same tables through one
    connection; both warm.
    """
    server = crm.start(folder)
    try:
        many.fill(server.admin["dsn"], datasets=_SMALL)
        place = folder / "small"
        many.write(place, sources=1, datasets=_SMALL)
        loaded = loading.load(place)
        pairs = [
            (
                _cost(partial(_proven, loaded, server.environ, folder / f"out{number}")),
                _cost(partial(_read, loaded, server.environ)),
            )
            for number in range(samples + 1)
        ][1:]
    finally:
        server.stop()
    own = [Sample(value=ours[0] - bare[0], against=bare[0]) for ours, bare in pairs]
    wall = [Sample(value=ours[1], against=bare[1]) for ours, bare in pairs]
    name = f"{_SMALL} tables of {many.ROWS} rows"
    return [_metric(name, _RUN, own), _metric(name, _RUN_WALL, wall)]


def _cost(what: Callable[[], object]) -> tuple[float, float]:
    cpu, wall = cpu_seconds(), time.perf_counter()
    what()
    return cpu_seconds() - cpu, time.perf_counter() - wall


def _proven(loaded: LoadedPilot, environ: Mapping[str, str], out: Path) -> None:
    result = prove(
        RunConfig(
            loaded=loaded,
            environment="dev",
            slot=utc_now().date(),
            planned=plan(loaded.pilot),
            out=out,
            environ=environ,
        )
    )
    complete = [j.verdict.outcome for j in result.judged if j.planned.claim == "complete"]
    if complete != ["PROVEN"] * _SMALL:
        raise RuntimeError("not every table was read whole")


def _read(loaded: LoadedPilot, environ: Mapping[str, str]) -> None:
    (source,) = loaded.pilot.sources
    references = loaded.references("dev", environ)
    connector = connect(loaded, "dev", {source.name}, references)[source.name]
    assert isinstance(connector, Sql)
    with floor.logged_in(connector) as connection:
        for contract in source.contracts:
            name = connector.tables[contract.name]
            batches: list[pa.RecordBatch] = list(
                floor.table(connection, name, arrow_schema(contract.schema))
            )
            if sum(batch.num_rows for batch in batches) != many.ROWS:
                raise RuntimeError(f"{contract.name}: the bare read gives other rows")


def _demo(folder: Path, scale: float, *, samples: int) -> list[Metric]:
    """`seatrial demo`: estate, both trials and the repair."""
    out = folder / f"demo{scale:g}"
    command: list[str | Path] = [_SEATRIAL, "demo", "--scale", f"{scale:g}", "--out", out]
    taken = [spent(command, {}, watched=True) for _ in range(samples)]
    return [
        _metric(f"demo, SF {scale:g}", _DEMO, [Sample(value=s.wall) for s in taken]),
        _metric(f"seatrial, SF {scale:g}", _MEMORY, [Sample(value=s.peak) for s in taken]),
        _metric(
            f"with servers, SF {scale:g}",
            _MEMORY,
            [Sample(value=s.peak + s.peak_of_others) for s in taken],
        ),
    ]
