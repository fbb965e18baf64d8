"""What judging one landed file by 55 rules costs, beside a hand-written query and other tools.

    tpchgen-cli ─▶ lineitem as we land it ─▶ each way by turns, a process and a venv of its own

All ways must find the same failed rows, or the bench ends with an error.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from bench.box import AGAINST
from bench.metric import Metric, Sample
from bench.peers import Peer, Ran, ran

LIBRARIES = ("pandera", "polars", "pyarrow")
DUCKDB = Peer(name="duckdb", packages=("duckdb==2.0.1",))
SODA = Peer(name="Soda", packages=("soda-core==4.28.0", "soda-duckdb==4.28.0", "duckdb==2.0.1"))
DATACONTRACT = Peer(
    name="datacontract-cli", packages=("datacontract-cli[duckdb]==1.2.8", "duckdb==1.5.6")
)
_GROUND = (
    "The floor is one DuckDB query with all counts and one for the key, without answers from the "
    "file's footer; ours compares the file's SHA-256 as well. Soda and datacontract-cli take "
    "DuckDB as it comes; the latter checks no type of a Parquet file."
)
_REPOSITORY = Path(__file__).parent.parent
_SCRIPTS = Path(__file__).with_name("judging")
_CPU = "CPU seconds of the process, floor: by hand, reading"
_PEAK = "MB at most in the process, floor: by hand, reading"
_OVER_FLOOR = "ours over the query by hand that reads, of each round"
_OVER_SODA = "CPU seconds, whole process, ours over Soda's of each round"
_OVER_CLEAN = "CPU seconds in process, over those of a file without failures"
_LARGE = "60 M rows in no order, MB at most in the whole process"
_LARGE_CPU = "60 M rows in no order, CPU seconds of the whole process"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A landed file."""

    path: Path
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to judge it."""

    script: str
    arguments: tuple[str, ...] = ()
    peer: Peer | None = None
    """None for ours."""
    checkout: Path = _REPOSITORY

    def judge(self, file: File, *more: str) -> Ran:
        """Judge it once."""
        digest = () if self.peer else (file.sha256,)
        return ran(
            self.peer.python if self.peer else Path(sys.executable),
            _SCRIPTS / self.script,
            *(file.path, *digest, *self.arguments, *more),
            path=() if self.peer else (self.checkout,),
        )


OURS = "ours"
FLOOR = "by hand, reading"
WAYS: Mapping[str, Way] = {
    FLOOR: Way(script="by_hand.py", arguments=("reads",), peer=DUCKDB),
    "by hand, from footers": Way(script="by_hand.py", arguments=("footer",), peer=DUCKDB),
    OURS: Way(script="ours.py", arguments=("chosen",)),
    "ours, rule by rule": Way(script="ours.py", arguments=("reference",)),
    SODA.name: Way(script="with_soda.py", peer=SODA),
    DATACONTRACT.name: Way(script="with_datacontract.py", peer=DATACONTRACT),
}
LARGE, SHUFFLED = "6 M rows", "6 M rows in no order"
SMALL, FAILING = "100,000 rows", "6 M rows, 1 M fail"
Rounds: TypeAlias = Mapping[str, list[Ran]]
"""What each way took, round by round."""
Found: TypeAlias = Mapping[str, Rounds]
"""By file."""


def floors() -> list[str]:
    """What the figures stand on."""
    return [
        _GROUND,
        "The file is TPC-H's lineitem, 6,001,215 rows of 16 columns, as we land it.",
    ]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """All metrics; 60 M rows only without `quick`."""
    ways = dict(WAYS)
    for older in AGAINST:
        ways["ours, before"] = Way(script="ours.py", arguments=("chosen",), checkout=older)
    for peer in (DUCKDB, SODA, DATACONTRACT):
        say(f"the venv of {peer.name}")
        peer.install()
    with tempfile.TemporaryDirectory(prefix="lineitem-") as place:
        folder = Path(place)
        say(f"lineitem: {LARGE}; {SHUFFLED}; {SMALL}; {FAILING}")
        files = {
            LARGE: _made(folder, "large.parquet"),
            SHUFFLED: _made(folder, "shuffled.parquet", change="in no order"),
            SMALL: _made(folder, "small.parquet", rows=100_000),
            FAILING: _made(folder, "failing.parquet", change="wrong"),
        }
        few = {name: ways[name] for name in (FLOOR, OURS, SODA.name)}
        asked = {LARGE: ways, SHUFFLED: few, SMALL: ways, FAILING: few}
        found: Found = {what: {name: [] for name in ways} for what, ways in asked.items()}
        rounds = 1 if quick else 5
        for number in range(1, rounds + 1):
            for what, some in asked.items():
                for name, way in some.items():
                    say(f"{what}, round {number} of {rounds}: {name}")
                    found[what][name].append(way.judge(files[what]))
        require_answers(found)
        huge = {} if quick else _huge(folder, say)
    return measured_of(found, huge)


def measured_of(found: Found, huge: Mapping[str, Ran]) -> list[Metric]:
    """All metrics of what was taken, and of 60 M rows if that was."""
    return [
        *(metric for what, rounds in found.items() for metric in _figures(what, rounds)),
        *_over_floor(LARGE, found[LARGE]),
        *_over_floor(SHUFFLED, found[SHUFFLED]),
        *_over_soda(found),
        _over_clean(found),
        *_of_huge(huge),
    ]


def require_answers(found: Found) -> None:
    """Raise RuntimeError unless each way found one failed rule in the file that has one, and none
    in the others, and ours ran all rules.
    """
    for what, ways in found.items():
        for name, one in ((name, one.found) for name, judged in ways.items() for one in judged):
            left = one.get("not_run") if name.startswith(OURS) else None
            if len(one["failed"]) != int(what == FAILING) or left:
                raise RuntimeError(f"{name} on {what}: {one['failed']} failed, {left} did not run")


def _made(
    folder: Path, name: str, *, scale: int = 1, rows: int = 0, change: str = "as it is"
) -> File:
    """Land it in a process of its own."""
    arguments = (folder, str(scale), str(rows), name, change)
    made = ran(Path(sys.executable), _SCRIPTS / "lineitem.py", *arguments, path=(_REPOSITORY,))
    return File(path=folder / name, sha256=made.found["sha256"])


def _huge(folder: Path, say: Callable[[str], None]) -> dict[str, Ran]:
    say("lineitem, 60 M rows in no order: takes minutes")
    file = _made(folder, "huge.parquet", scale=10, change="in no order")
    found = {}
    for what, more in {"without uniqueness": ("keyless",), "with the key": ()}.items():
        for name in (OURS, FLOOR):
            say(f"60 M rows, {what}: {name}")
            found[f"{name}, {what}"] = WAYS[name].judge(file, *more)
    return found


def _figures(what: str, rounds: Rounds) -> list[Metric]:
    return [
        Metric(
            metric=name,
            unit=f"{what}: {unit}",
            samples=tuple(
                Sample(value=take(one), against=take(floor))
                for one, floor in zip(judged, rounds[FLOOR], strict=True)
            ),
        )
        for unit, take in ((_CPU, _cpu), (_PEAK, _peak))
        for name, judged in rounds.items()
    ]


def _over_floor(what: str, rounds: Rounds) -> list[Metric]:
    taken: dict[str, tuple[Callable[[Ran], float], float | None]] = {
        "CPU seconds in process": (_inside, 1.2),
        "MB at most, whole process": (_peak, 1.2),
        "MB over the imports": (lambda one: float(one.found["over_imports"]), None),
        "CPU seconds, whole process": (_cpu, None),
    }
    return [
        Metric(
            metric=name,
            unit=f"{what}: {_OVER_FLOOR}",
            samples=_shares(take, rounds[OURS], rounds[FLOOR]),
            goal=goal,
        )
        for name, (take, goal) in taken.items()
    ]


def _over_soda(found: Found) -> list[Metric]:
    return [
        Metric(
            metric=what,
            unit=_OVER_SODA,
            samples=_shares(_cpu, found[what][OURS], found[what][SODA.name]),
            goal=goal,
        )
        for what, goal in ((LARGE, 0.75), (SHUFFLED, 0.75), (SMALL, 1.0))
    ]


def _over_clean(found: Found) -> Metric:
    samples = _shares(_inside, found[FAILING][OURS], found[LARGE][OURS])
    return Metric(metric="1 M rows fail", unit=_OVER_CLEAN, samples=samples, goal=1.2)


def _of_huge(found: Mapping[str, Ran]) -> list[Metric]:
    goals = {f"{OURS}, without uniqueness": 750.0, f"{OURS}, with the key": 1_500.0}
    return [
        Metric(
            metric=name,
            unit=unit,
            samples=(Sample(value=take(found[name])),) if name in found else (),
            goal=goals.get(name) if unit == _LARGE else None,
        )
        for unit, take in ((_LARGE, _peak), (_LARGE_CPU, _cpu))
        for name in found or goals
    ]


def _shares(
    take: Callable[[Ran], float], ours: Sequence[Ran], theirs: Sequence[Ran]
) -> tuple[Sample, ...]:
    """Ours over theirs, round by round."""
    pairs = zip(ours, theirs, strict=True)
    return tuple(Sample(value=take(one) / take(other)) for one, other in pairs)


def _cpu(one: Ran) -> float:
    return one.cpu


def _peak(one: Ran) -> float:
    return one.peak


def _inside(one: Ran) -> float:
    """CPU seconds after the imports."""
    return float(one.found["cpu"])
