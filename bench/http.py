"""What reading an API in pages costs, beside dlt, a bare loop and an older build."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from bench import box
from bench.metric import Metric, Sample
from bench.pages.served import PAGES, ROWS, Paged, paged
from bench.peers import Peer, Ran, ran

LIBRARIES = ("httpx", "msgspec", "pyarrow")
_DLT = Peer(name="dlt", packages=("dlt[filesystem,parquet]==1.31.0",))
_HERE = Path(__file__).parent / "pages"
_REPOSITORY = _HERE.parent.parent
_RATE = "thousand rows a second, floor: dlt's pages beside it"
_CPU = "CPU seconds of the reading, floor: dlt's pages beside it"
_PEAK = "MB of the whole process at most, floor: dlt's pages beside it"
_SHARE = "dlt's rows a second, as a share of ours beside it"
_OURS, _PAGES = "ours", "dlt, pages"
_Reads = Mapping[str, Callable[[], Ran]]


def floors() -> list[str]:
    """What the figures stand on."""
    served = (
        f"{PAGES} pages of {ROWS:,} rows of ten columns, {0.24 * PAGES:.0f} MB of JSON, behind "
        "HAProxy with TLS on this machine. The server knows its answers beforehand."
    )
    peers = (
        "Each reading is a process of its own, by turns; its imports are not counted, but for MB. "
        "All give the same rows, or the bench ends with an error. dlt's pages are Python values, "
        "fractions as floats; dlt, typed is its pipeline to Parquet. Ours is exact and typed."
    )
    floor = "The floor is httpx.get and json.loads in a loop: no types, no limits, no second look."
    return [served, peers, floor]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """All metrics; without an older checkout nothing is measured beside one."""
    rounds = 1 if quick else 5
    if not quick:
        _DLT.install()
    return [
        metric
        for seconds, at_once, goal in ((0.0, 1, 0.5), (0.05, 8, 0.2))
        for metric in _case(seconds, at_once, goal, rounds, say)
    ]


def _case(
    seconds: float, at_once: int, goal: float, rounds: int, say: Callable[[str], None]
) -> list[Metric]:
    name = f"{seconds * 1000:.0f} ms"
    rows = partial(_many, PAGES * ROWS)
    found: list[dict[str, Ran]] = []
    with paged(seconds=seconds) as api:
        for number in range(rounds):
            say(f"+ {name} an answer, round {number + 1} of {rounds}")
            reads = list(_reads(api, at_once).items())
            found.append({who: read() for who, read in (reads[::-1] if number % 2 else reads)})
            if len({one.found["rows"] for one in found[-1].values()}) > 1:
                raise RuntimeError(f"{name}: the readers gave other rows, or another order")
    metrics = [
        _metric(f"{name}: {who}", unit, [(r[who], r.get(_PAGES)) for r in found], figure)
        for unit, figure in ((_RATE, rows), (_CPU, _cpu), (_PEAK, _peak))
        for who in found[0]
    ]
    ours = f"{_OURS}, {at_once} at once"
    shares = [
        Sample(value=rows(r[_PAGES]) / rows(r[ours])) for r in found if _PAGES in r and ours in r
    ]
    share = Metric(metric=f"{name}: {ours}", unit=_SHARE, samples=tuple(shares), goal=goal)
    return [*metrics, share]


def _reads(api: Paged, at_once: int) -> _Reads:
    """Who reads, in the order of the first round."""
    python, at = Path(sys.executable), (api.url, api.ca_file)
    ours, dlt = _HERE / "ours.py", _HERE / "by_dlt.py"
    by = {
        f"{_OURS}, {many} at once": partial(ran, python, ours, *at, str(many), path=[_REPOSITORY])
        for many in {1, at_once}
    }
    for older in box.AGAINST:
        by["before"] = partial(ran, python, ours, *at, "1", path=[older])
    by["floor"] = partial(ran, python, _HERE / "floor.py", *at)
    if _DLT.is_ready:
        by[_PAGES] = partial(ran, _DLT.python, dlt, *at, "pages")
        by["dlt, typed"] = partial(ran, _DLT.python, dlt, *at, "typed")
    return by


def _metric(
    name: str, unit: str, pairs: list[tuple[Ran, Ran | None]], figure: Callable[[Ran], float]
) -> Metric:
    samples = tuple(
        Sample(value=figure(one), against=None if dlt is None else figure(dlt))
        for one, dlt in pairs
    )
    return Metric(metric=name, unit=unit, samples=samples)


def _many(rows: int, one: Ran) -> float:
    return rows / 1_000 / float(one.found["wall"])


def _cpu(one: Ran) -> float:
    return float(one.found["cpu"])


def _peak(one: Ran) -> float:
    return one.peak
