"""Kills a writer of ours at each of its changing system calls, and looks at what is left.

python -m tests.attacks.kills VICTIM BLOW [EVERY]    one line of JSON for each point
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.attacks.syscalls import Blow, Point, Traced, traced

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Victim:
    """What is done in a folder, and what must hold there whatever becomes of it."""

    act: Callable[[Path, Tell], None]
    faults: Callable[[Path, Traced], Iterator[str]]
    prepare: Callable[[Path], None] = lambda _: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Struck:
    """One blow, and what is wrong after it."""

    point: Point
    blow: Blow
    told: tuple[str, ...]
    faults: tuple[str, ...]


def struck(victim: Victim, blow: Blow, *, every: int = 1, first: int = 1) -> Iterator[Struck]:
    """Strike at each point at which the blow means something; at every n-th from the first, which
    is counted from the end where it is less than 1.
    """
    with _folder(victim) as (whole, act):
        untouched = traced(act)
        if faults := [*victim.faults(whole, untouched)]:
            raise RuntimeError(f"nobody touched it, and yet: {faults}")
    points = [point for point in untouched.points if point.takes(blow)]
    for point in points[first - 1 :: every]:
        with _folder(victim) as (folder, act):
            ended = traced(act, at=point.number, blow=blow)
            if blow is not Blow.FAIL and not ended.killed:
                raise RuntimeError(f"{point} was not reached")
            faults = tuple(victim.faults(folder, ended))
            yield Struck(point=point, blow=blow, told=ended.told, faults=faults)


@contextmanager
def _folder(victim: Victim) -> Iterator[tuple[Path, Callable[[Tell], None]]]:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        victim.prepare(folder)
        yield folder, partial(victim.act, folder)


def main(name: str, blow: str, every: str = "1", first: str = "1") -> None:
    """One line of JSON for each point that was struck."""
    from tests.attacks.victims import VICTIMS

    for one in struck(VICTIMS[name], Blow[blow], every=int(every), first=int(first)):
        point = {"number": one.point.number, "call": one.point.call}
        print(json.dumps({**point, "told": one.told, "faults": one.faults}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
