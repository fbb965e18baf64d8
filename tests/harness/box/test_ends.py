"""No child outlives the command that began it, however that ends."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli import REPOSITORY, SEATRIAL
from tests.harness.box.hostile import SECRETS, hostile


@pytest.fixture
def command(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A run whose child never ends."""
    folder = hostile(tmp_path, "before", "holds-on")
    process = subprocess.Popen(
        [SEATRIAL, "prove", folder, "--out", "out", "--dataset", "holds-on"],
        cwd=tmp_path,
        env={"PATH": os.defpath, "PYTHONPATH": str(REPOSITORY), **SECRETS},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    for _ in range(600):
        if any((tmp_path / "out").rglob("*.parquet")) or process.poll() is not None:
            break
        time.sleep(0.1)
    yield process
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def begun_by(pid: int) -> list[int]:
    """Its helper and the helper's child."""
    [helper] = map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
    children = Path(f"/proc/{helper}/task/{helper}/children").read_text().split()
    assert len(children) == 1
    return [helper, int(children[0])]


def end_within(pids: list[int], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while left := [pid for pid in pids if Path(f"/proc/{pid}").exists()]:
        if time.monotonic() > until:
            return not left
        time.sleep(0.05)
    return True


@pytest.mark.attempt(4)
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_no_child_outlives_its_command(
    command: subprocess.Popen[str], tmp_path: Path, number: signal.Signals
) -> None:
    """The control is in the fixture: they are there, and the child ends for no exception."""
    assert command.poll() is None, command.communicate()
    pids = begun_by(command.pid)
    assert not end_within(pids, 0.5)
    command.send_signal(number)
    said, _ = command.communicate(timeout=10)
    assert end_within(pids, 2)
    assert "Traceback" not in said
    if number is not signal.SIGKILL:
        assert command.returncode == 128 + number
        assert not (tmp_path / "out" / "landed").exists()


def test_what_a_killed_run_left_lies_where_the_next_run_removes_it(
    command: subprocess.Popen[str], tmp_path: Path
) -> None:
    """Rows and temporary files alike, for their owner alone."""
    command.kill()
    command.communicate()
    [run] = (tmp_path / "out" / "landed").iterdir()
    left = sorted(run.iterdir())
    assert [path.name[0] for path in left] == [".", "i"]
    assert {path.stat().st_mode & 0o077 for path in [run, *left]} == {0}


@pytest.mark.attempt(4)
def test_a_signal_to_the_whole_group_ends_all_and_says_so_once(
    command: subprocess.Popen[str],
) -> None:
    """As a terminal sends Ctrl-C, but to the processes one by one: they are of our own group."""
    pids = begun_by(command.pid)
    for pid in (*pids, command.pid):
        os.kill(pid, signal.SIGINT)
    said, _ = command.communicate(timeout=10)
    assert end_within(pids, 2)
    assert said.count("interrupted") == 1
    assert "Traceback" not in said
    assert "Died" not in said
