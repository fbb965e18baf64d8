"""Fault L10: many runs in one process leave no file and no thread open.

Here 100; `python -m bench evidence_attacks` does 500.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from harness.ledger.ledger import open_ledger
from harness.run.workplace import in_process
from tests.attacks.two_runs import write
from tests.harness.box.hostile import proven

RUNS = 100


def held() -> tuple[int, int]:
    """Files and threads of this process."""
    return len([*Path("/proc/self/fd").iterdir()]), threading.active_count()


def grown(act: Callable[[int], object], times: int) -> tuple[int, int]:
    """By how many files and threads, when all has been done once before."""
    act(-1)
    before = held()
    for number in range(times):
        act(number)
    after = held()
    return after[0] - before[0], after[1] - before[1]


def test_l10_a_hundred_runs_of_a_ledger_keep_nothing_open(tmp_path: Path) -> None:
    files, threads = grown(lambda n: write(tmp_path / "ledger.sqlite", f"r{n}"), RUNS)
    assert abs(files) <= 2
    assert threads == 0


def test_l10_whole_runs_keep_nothing_open(tmp_path: Path) -> None:
    """Each reads, judges, writes its report; in this process, as Dagster's does."""

    def run(number: int) -> None:
        folder = tmp_path / str(number)
        folder.mkdir()
        proven(folder, "harmless", workplace=in_process)

    files, threads = grown(run, 12)
    assert abs(files) <= 2
    assert threads == 0


def test_l10_what_is_kept_open_would_be_seen(tmp_path: Path) -> None:
    """The twin: a ledger that is opened and never left."""
    kept = []

    def keep(number: int) -> None:
        kept.append(open_ledger(tmp_path / f"{number}.sqlite"))
        kept[-1].__enter__()

    files, _ = grown(keep, 5)
    assert files >= 10
    for one in kept:
        one.__exit__(None, None, None)
