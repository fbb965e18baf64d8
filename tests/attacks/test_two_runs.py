"""Faults L05, L06: two runs at the same time, and a lock whose holder was killed."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.ledger.chain import breaks
from harness.ledger.ledger import entries, open_ledger
from tests.attacks.two_runs import write
from tests.attacks.victims import NOON, header
from tests.cli import REPOSITORY

RUNS = 25
"""Of each of the two."""
HOLDER = """
import sys, time
from pathlib import Path
from harness.ledger.ledger import open_ledger
with open_ledger(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def both(place: Path, *options: str) -> list[subprocess.CompletedProcess[str]]:
    """Two processes that write to it at the same time."""
    command = [sys.executable, "-m", "tests.attacks.two_runs", str(place)]
    writers = [
        subprocess.Popen(
            [*command, name, str(RUNS), *options],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in ("a", "b")
    ]
    ended = []
    for writer in writers:
        out, err = writer.communicate(timeout=120)
        ended.append(subprocess.CompletedProcess([], writer.returncode, out, err))
    return ended


def test_l05_one_of_two_is_refused_and_nothing_is_interleaved(tmp_path: Path) -> None:
    place = tmp_path / "ledger.sqlite"
    ended = both(place)
    assert [one.returncode for one in ended] == [0, 0], ended
    assert sum(int(one.stdout) for one in ended) > 0  # they met
    found = entries(place)
    assert list(breaks(found)) == []
    runs = [run for run, _ in itertools.groupby(entry.run for entry in found)]
    assert len(runs) == len(set(runs)) == 2 * RUNS
    assert len(found) == 2 * RUNS * 5


def test_l05_without_the_lock_a_run_is_lost(tmp_path: Path) -> None:
    """The twin: both chain to the same entry, and the database refuses one of them, whose run
    ends; or one marks the other as killed.
    """
    place = tmp_path / "ledger.sqlite"
    ended = both(place, "unlocked")
    found = entries(place)
    runs = [run for run, _ in itertools.groupby(entry.run for entry in found)]
    lost = any(one.returncode for one in ended)
    assert lost or len(runs) != len(set(runs)) or len(found) != 2 * RUNS * 5


@pytest.fixture
def holder(tmp_path: Path):
    """Another process that writes the ledger."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "ledger.sqlite")],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_l06_the_lock_of_a_killed_run_is_free_at_once(tmp_path: Path, holder) -> None:
    """The kernel releases it; the file that was locked stays, and says nothing."""
    place = tmp_path / "ledger.sqlite"
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    assert place.with_suffix(".lock").exists()
    write(place, "next")
    with open_ledger(place) as ledger:
        assert ledger.state("next") == "FINISHED"


def test_l06_while_it_lives_it_is_refused_also_if_its_lock_file_is_old(
    tmp_path: Path, holder
) -> None:
    """The guard's control: it is not for want of a lock."""
    place = tmp_path / "ledger.sqlite"
    os.utime(place.with_suffix(".lock"), (0, 0))
    with pytest.raises(ConfigurationError, match="another run is writing"), open_ledger(place):
        pass


def test_l06_a_lock_file_that_names_a_dead_process_holds_nobody_back(tmp_path: Path) -> None:
    """As a lock by process number would: numbers are used again."""
    place = tmp_path / "ledger.sqlite"
    place.with_suffix(".lock").write_text(f"{os.getpid()}\n")
    place.with_suffix(".lock").chmod(0o600)
    with open_ledger(place) as ledger:
        ledger.begin(header("r1"), {}, at=NOON)
        assert ledger.state("r1") == "RUNNING"
