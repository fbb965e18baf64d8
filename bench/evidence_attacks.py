"""Attacks on what we write ourselves: kills, failed disks, flipped bits, secrets in what fails.

a writer ─▶ struck at each system call     a ledger, a bundle ─▶ one bit     a log-in ─▶ fails
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench.metric import Metric, Sample
from tests.attacks.answers import WAYS
from tests.attacks.flips import (
    Came,
    flips_of_a_bundle,
    flips_of_a_ledger,
    ledger_read,
    rows,
    summed,
    written,
)
from tests.attacks.leaks import KINDS, attempted
from tests.attacks.runs import killed_runs
from tests.attacks.test_kept_open import grown
from tests.attacks.two_runs import write
from tests.harness.evidence.bundles import bundle
from tests.harness.evidence.ledgers import nights
from tests.harness.evidence.verify import checking

LIBRARIES = ("sqlalchemy", "cryptography", "httpx", "asyncssh")
_VICTIMS = ("ledger", "new_ledger", "archive", "bundle", "copy", "file")
_TWINS = ("ledger_told_too_early", "bundle_in_place", "file_in_place")
_BLOWS = {"KILL": "killed", "TEAR": "killed within a write", "FAIL": "EIO of a sync"}


def floors() -> list[str]:
    """What the figures stand on."""
    calls = (
        "Kills and failed syncs are at each system call of a process that writes: found by "
        "ptrace, so none is left out. Each has a new folder; beside them whole runs of "
        "`seatrial prove` are killed at random moments, all in one folder."
    )
    twins = (
        "Each attack has a twin with the guard off: a writer that acknowledges too early or "
        "writes in place, a ledger that is only read, log-ins without the redactor. A twin that "
        "finds nothing would be no measurement."
    )
    power = "A kill is no power cut: what was written and not synced is still in the page cache."
    return [calls, twins, power]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """All of them, one after the other."""
    warnings.simplefilter("ignore")  # of sockets that a library leaves when it fails
    seed = random.randrange(1 << 32)
    say(f"seed {seed}")
    draw = random.Random(seed)
    return [
        *_kills(16 if quick else 1, say),
        *_runs(3 if quick else 200, draw, say),
        *_flips(100 if quick else 5_000, draw, say),
        *_leaks(WAYS[::11] if quick else WAYS, say),
        *_kept_open(50 if quick else 500, say),
    ]


def _kills(every: int, say: Callable[[str], None]) -> Iterator[Metric]:
    for blow, words in _BLOWS.items():
        struck, faults = 0, 0
        for victim in _VICTIMS:
            say(f"{victim}: {words}")
            found = _struck(victim, blow, every)
            struck, faults = struck + len(found), faults + sum(map(bool, found))
        yield _count(f"{words}: lost, repeated, torn", f"of {struck} system calls", faults, goal=0)
    for victim in _TWINS:
        found = _struck(victim, "KILL", every)
        name = victim.replace("_", " ")
        yield _count(f"twin, {name}: lost, torn", f"of {len(found)}", sum(map(bool, found)))


def _struck(victim: str, blow: str, every: int) -> list[list[str]]:
    """What was wrong after each, in a process of one thread."""
    command = [sys.executable, "-m", "tests.attacks.kills", victim, blow, str(every)]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    return [json.loads(line)["faults"] for line in ended.stdout.splitlines()]


def _runs(count: int, draw: random.Random, say: Callable[[str], None]) -> Iterator[Metric]:
    say(f"{count} runs of seatrial prove, killed")
    with tempfile.TemporaryDirectory() as place:
        found = [*killed_runs(Path(place), count=count, draw=draw)]
    killed = sum(one.killed for one in found)
    faults = sum(len(one.faults) for one in found)
    unit = f"of {killed} runs killed at random, {found[-1].entries:,} entries"
    yield _count("lost, repeated, left RUNNING", unit, faults, goal=0)


def _flips(count: int, draw: random.Random, say: Callable[[str], None]) -> Iterator[Metric]:
    say(f"{count:,} bits of a ledger, and as many of a bundle")
    with tempfile.TemporaryDirectory() as root:
        ledger = written(Path(root, "ledger.sqlite"))
        found = summed(flips_of_a_ledger(ledger, count=count, draw=draw, looked=ledger_read))
        twin = summed(flips_of_a_ledger(ledger, count=count // 5, draw=draw, looked=rows))
        folder = checking.write(Path(root, "bundle"), bundle(nights(Path(root, "nights.sqlite"))))
        of_bundle = summed(flips_of_a_bundle(folder, count=count, draw=draw))
    for name, came in (("ledger", found), ("bundle", of_bundle)):
        unit = f"of {count:,} bits flipped in a {name}, {came[Came.NAMED]:,} of them named"
        yield _count("read otherwise, and nothing said", unit, _silent(came), goal=0)
    unit = f"of {count // 5:,} bits flipped in a ledger"
    yield _count("twin, read unchecked: nothing said", unit, _silent(twin))


def _silent(came: Counter[Came]) -> int:
    return came[Came.UNDETECTED] + came[Came.RAISED]


def _leaks(ways: Sequence[str], say: Callable[[str], None]) -> Iterator[Metric]:
    for guarded, name in ((True, "a secret shown"), (False, "twin, without redactor: shown")):
        say(f"{len(KINDS)} kinds of log-ins at {len(ways)} servers: {name}")
        tried = [attempted(kind, way, guarded=guarded) for kind in KINDS for way in ways]
        sent = sum(one.sent for one in tried)
        unit = f"of {len(tried)} log-ins that fail, {sent} of them sent the secret"
        shown = sum(bool(one.found) for one in tried)
        yield _count(name, unit, shown, **({"goal": 0} if guarded else {}))


def _kept_open(runs: int, say: Callable[[str], None]) -> Iterator[Metric]:
    say(f"{runs} runs in one process")
    with tempfile.TemporaryDirectory() as root:
        place = Path(root, "ledger.sqlite")
        files, threads = grown(lambda n: write(place, f"r{n}"), runs)
    yield _count("files more that are open", f"after {runs} runs", abs(files), goal=2)
    yield _count("threads more", f"after {runs} runs", threads, goal=0)


def _count(name: str, unit: str, value: int, *, goal: float | None = None) -> Metric:
    return Metric(metric=name, unit=unit, samples=(Sample(value=value),), goal=goal)
