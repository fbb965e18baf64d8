"""What exact JSON costs: to Arrow beside msgspec's own types, with its exchange beside a bare one,
and in memory by the number of pages.
"""

from __future__ import annotations

import ssl
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import httpx
import pyarrow as pa

from bench.metric import Metric, Sample
from bench.pages import streamed, typed
from bench.pages.served import PAGES, ROWS, Paged, document, paged
from bench.peers import Ran, ran
from connectors.http.exchange import Connection
from connectors.http.messages import Limits, Request
from connectors.rate_limiter import RateLimiter

LIBRARIES = ("httpx", "msgspec", "pyarrow")
_HERE = Path(__file__).parent / "pages"
_REPOSITORY = _HERE.parent.parent
_FEW, _MANY, _SHORT = 10, 1_000, 100


def floors() -> list[str]:
    """What the figures stand on."""
    served = (
        f"{PAGES} pages of {ROWS:,} rows of ten columns, two of them decimals and two of them "
        "times, behind HAProxy with TLS on this machine. Both sides give the same table."
    )
    peer = (
        "The peer is msgspec's typed decoder and pyarrow: it keeps the last of two equal keys, "
        "and one value of another type ends it. httpx's client has no limits of an answer's size, "
        "no deadline, no retries and no look at whom it reached."
    )
    memory = f"Memory: resident at most, {_FEW} and {_MANY:,} pages of {_SHORT} rows."
    return [served, peer, memory]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """All metrics."""
    rounds = 3 if quick else 9
    say("+ JSON to Arrow")
    made = _to_arrow(rounds)
    say("+ with the exchange")
    with paged(seconds=0) as api:
        alone = _exchanges(api, rounds)
        whole = [_beside(api.url, api.ca_file, turn=number) for number in range(rounds)]
    say("+ memory by pages")
    peaks = [_peaks() for _ in range(1 if quick else 3)]
    return [
        _metric("JSON to Arrow", "CPU over typed msgspec's beside it", made, goal=1.3),
        _metric("the exchange", "CPU over httpx's client beside it", alone, goal=1.1),
        _metric("the whole reading", "CPU over httpx's client and that peer", whole, goal=1.1),
        _metric(
            "memory",
            f"MB at most for {_MANY:,} pages over those for {_FEW} beside it",
            peaks,
            goal=1.05,
        ),
    ]


def _metric(name: str, unit: str, pairs: list[tuple[float, float]], *, goal: float) -> Metric:
    samples = tuple(Sample(value=ours / theirs) for ours, theirs in pairs)
    return Metric(metric=name, unit=unit, samples=samples, goal=goal)


def _to_arrow(rounds: int) -> list[tuple[float, float]]:
    """CPU of ours and of the peer, by turns, in one process."""
    bodies = [document(page) for page in range(1, PAGES + 1)]

    def peer() -> pa.Table:
        return pa.Table.from_batches(map(typed.batch, bodies))

    def ours() -> pa.Table:
        return pa.Table.from_batches(streamed.batches(bodies))

    if not ours().drop_columns(["_rescued"]).equals(peer()):
        raise RuntimeError("the two gave other rows")
    return _by_turns(ours, peer, rounds)


def _exchanges(api: Paged, rounds: int) -> list[tuple[float, float]]:
    """CPU of all exchanges without what is made of their bodies, by turns, in one process."""
    addresses = [f"{api.url}/rows?page={page}" for page in range(1, PAGES + 1)]
    quick = RateLimiter(100_000, 1)

    def ours() -> None:
        with Connection(
            ca_file=api.ca_file, budget=quick, limits=Limits(), emit=lambda _: None
        ) as connection:
            for address in addresses:
                connection.exchange(Request(url=address))

    def bare() -> None:
        trusted = ssl.create_default_context(cafile=api.ca_file)
        with httpx.Client(verify=trusted) as client:
            for address in addresses:
                client.get(address).raise_for_status()

    return _by_turns(ours, bare, rounds)


def _by_turns(
    ours: Callable[[], object], theirs: Callable[[], object], rounds: int
) -> list[tuple[float, float]]:
    """CPU of each, whoever begins."""
    found = []
    for number in range(rounds):
        turns = {read: _cpu(read) for read in ((ours, theirs), (theirs, ours))[number % 2]}
        found.append((turns[ours], turns[theirs]))
    return found


def _cpu(read: Callable[[], object]) -> float:
    began = time.process_time()
    read()
    return time.process_time() - began


def _beside(url: str, ca_file: Path, *, turn: int) -> tuple[float, float]:
    """CPU of the reading and of the bare exchange, each in a process of its own."""
    python = Path(sys.executable)
    ours = partial(ran, python, _HERE / "streamed.py", url, ca_file, path=[_REPOSITORY])
    bare = partial(ran, python, _HERE / "typed.py", url, ca_file)
    found = {read: read() for read in ((ours, bare), (bare, ours))[turn % 2]}
    if found[ours].found["rows"] != found[bare].found["rows"]:
        raise RuntimeError("the two gave other rows")
    return float(found[ours].found["cpu"]), float(found[bare].found["cpu"])


def _peaks() -> tuple[float, float]:
    """Of many pages, and of few."""
    many, few = (_stream(pages) for pages in (_MANY, _FEW))
    return many.peak, few.peak


def _stream(pages: int) -> Ran:
    with paged(seconds=0, pages=pages, rows=_SHORT) as api:
        script = _HERE / "streamed.py"
        found = ran(Path(sys.executable), script, api.url, api.ca_file, path=[_REPOSITORY])
    if found.found["rows"] != pages * _SHORT:
        raise RuntimeError("not all rows were read")
    return found
