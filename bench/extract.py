"""What reading PostgreSQL costs: to exact Arrow, to a landed file, to its verdict.

PostgreSQL ─ lineitem ─▶ each way by turns, a process of its own ─▶ times COPY to nowhere
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from bench import box
from bench.copied.served import ROWS, Served, lineitem
from bench.metric import Metric, Sample
from bench.peers import Peer, Ran, ran

LIBRARIES = ("psycopg", "SQLAlchemy", "pyarrow")
_PEERS = {
    "by_connectorx.py": Peer(name="connectorx", packages=("connectorx==0.4.6", "pyarrow==26.0.1")),
    "by_adbc.py": Peer(
        name="adbc", packages=("adbc-driver-postgresql==1.13.0", "pyarrow==26.0.1")
    ),
}
_HERE = Path(__file__).parent / "copied"
_REPOSITORY = _HERE.parent.parent
_FLOOR = "COPY to nowhere"
_STAGES: Mapping[str, float | None] = {"read": 2.0, "land": None, "judge": 3.5}
"""Goals, times the floor's wall."""
_SAID = {"read": "read", "land": "read, land", "judge": "read, land, judge"}
_TIMES = f"wall, times {_FLOOR}: each a fresh process"
_TIMES_INSIDE = f"wall, times {_FLOOR}: after the imports of both"
_WALL, _CPU, _PEAK = (
    f"{what} of a fresh process, floor: {_FLOOR}" for what in ("wall seconds", "CPU seconds", "MB")
)
_Ways = Mapping[str, Callable[[], Ran]]


def floors() -> list[str]:
    """What the figures stand on."""
    table = (
        f"The table is TPC-H's lineitem, {ROWS:,} rows of 16 columns, of a PostgreSQL on this "
        "machine, whose own CPU is not counted and whose wall is."
    )
    floor = (
        f"{_FLOOR} is psycopg's own: COPY of all columns as CSV, each row thrown away. Ours are "
        "the contract's types, exact, with count and witness; the judging has 55 rules. The "
        "values of before are the same, or the bench ends with an error."
    )
    peers = (
        "connectorx gives numerics as floats, ADBC as a text of an extension type: neither has "
        "the contract's types, a witness or limits."
    )
    return [table, floor, peers]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """All metrics; a peer that does not install is not measured."""
    if not quick:
        for peer in _PEERS.values():
            _install(peer, say)
    rounds = list[Mapping[str, Ran]]()
    say("a PostgreSQL with lineitem")
    with lineitem() as served, tempfile.TemporaryDirectory(prefix="extract-") as folder:
        ways = _ways(served, folder)
        _same_values(served, folder)
        for number in range(3 if quick else 7):
            say(f"round {number + 1}")
            names = list(ways)[:: 1 if number % 2 else -1]
            rounds.append({name: ways[name]() for name in names})
            _require_all_rows(rounds[-1])
    return _metrics(rounds)


def _ways(served: Served, folder: str) -> _Ways:
    python = Path(sys.executable)
    ways: dict[str, Callable[[], Ran]] = {
        _FLOOR: partial(ran, python, _HERE / "floor.py", served.dsn)
    }
    for said, checkout in (("", _REPOSITORY), *(("before: ", one) for one in box.AGAINST)):
        for stage in _STAGES:
            ways[said + _SAID[stage]] = partial(_ours, stage, served, folder, checkout)
    for script, peer in _PEERS.items():
        if peer.is_ready:
            ways[peer.name] = partial(ran, peer.python, _HERE / script, served.dsn)
    return ways


def _ours(stage: str, served: Served, folder: str, checkout: Path) -> Ran:
    arguments = (stage, served.url, served.password, folder)
    return ran(Path(sys.executable), _HERE / "ours.py", *arguments, path=[checkout])


def _same_values(served: Served, folder: str) -> None:
    checkouts = [_REPOSITORY, *box.AGAINST]
    digests = {_ours("digest", served, folder, one).found["digest"] for one in checkouts}
    if len(digests) > 1:
        raise RuntimeError("the older checkout gives other values")


def _require_all_rows(found: Mapping[str, Ran]) -> None:
    for name, one in found.items():
        if one.found["rows"] != ROWS:
            raise RuntimeError(f"{name}: {one.found['rows']} rows of {ROWS}")


def _install(peer: Peer, say: Callable[[str], None]) -> None:
    try:
        peer.install()
    except subprocess.CalledProcessError:
        say(f"{peer.name} does not install here, and is not measured")


def _metrics(rounds: Sequence[Mapping[str, Ran]]) -> list[Metric]:
    goals = {_SAID[stage]: goal for stage, goal in _STAGES.items()}
    names = sorted({name for one in rounds for name in one} - {_FLOOR}, key=_order)
    times = [
        Metric(
            metric=name,
            unit=unit,
            samples=tuple(Sample(value=wall(one[name]) / wall(one[_FLOOR])) for one in rounds),
            goal=goals.get(name),
        )
        for unit, wall in ((_TIMES, _wall), (_TIMES_INSIDE, _inside))
        for name in names
    ]
    return times + [
        Metric(
            metric=name,
            unit=unit,
            samples=tuple(
                Sample(value=figure(one[name]), against=figure(one[_FLOOR])) for one in rounds
            ),
        )
        for unit, figure in ((_WALL, _wall), (_CPU, _cpu), (_PEAK, _peak))
        for name in names
    ]


def _order(name: str) -> tuple[bool, bool, int]:
    """Ours, then the peers, then the older checkout; in the order of the stages."""
    said = list(_SAID.values())
    bare = name.removeprefix("before: ")
    return name != bare, bare not in said, said.index(bare) if bare in said else 0


def _wall(one: Ran) -> float:
    return one.wall


def _inside(one: Ran) -> float:
    return float(one.found["wall"])


def _cpu(one: Ran) -> float:
    return one.cpu


def _peak(one: Ran) -> float:
    return one.peak
