"""Processes that live and end together: small ones in the place of Dagster's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli import REPOSITORY
from tests.harness.dagster_ui import session, until

LISTENS = """
import signal, socket, sys, time
with socket.socket(socket.AF_UNIX) as at:
    at.bind(sys.argv[1]); at.listen()
    try:
        time.sleep(100)
    except KeyboardInterrupt:
        open(sys.argv[1] + '.ended', 'w').close()
"""
FIRST_ENDS = "raise SystemExit(7)"
WAITS = "import time; time.sleep(100)"
DEAF = "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); time.sleep(100)"
HAS_CHILD = (
    "import subprocess, sys;subprocess.run([sys.executable, '-c', 'import time; time.sleep(100)'])"
)
SUPERVISOR = """
import os, sys
from pathlib import Path
from harness.dagster import processes
from harness.errors import ProcessDied
at, first, *others = sys.argv[1:]
processes._GRACE_SECONDS = 2
def part(name, text):
    command = [sys.executable, "-c", text, at]
    return processes.Part(name=name, command=command, environ=os.environ, folder=Path(at).parent)
try:
    processes.run_together(
        part("the first", first), Path(at), [part(f"number {n}", t) for n, t in enumerate(others)]
    )
except ProcessDied as died:
    print(died)
"""


@contextmanager
def supervised(folder: Path, *parts: str) -> Iterator[subprocess.Popen[str]]:
    """A supervisor of these, leader of a session, as a shell starts a background job."""
    command = (sys.executable, "-c", SUPERVISOR, folder / "at", *parts)
    with subprocess.Popen(
        ["/bin/sh", "-c", 'trap "" INT; exec "$0" "$@"', *command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        yield process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_one_signal_ends_all_of_it_well(tmp_path: Path, number: int) -> None:
    """Also where a shell made it deaf to SIGINT, and with what a part itself started."""
    with supervised(tmp_path, LISTENS, WAITS, HAS_CHILD) as process:
        until(lambda: len(session(process.pid)) == 5)
        process.send_signal(number)
        assert process.wait(20) == 0
        assert not session(process.pid)
    assert (tmp_path / "at.ended").exists()


def test_a_part_that_does_not_listen_to_a_signal_is_killed(tmp_path: Path) -> None:
    with supervised(tmp_path, LISTENS, DEAF) as process:
        until(lambda: len(session(process.pid)) == 3)
        time.sleep(1)  # until it is deaf
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert not session(process.pid)


def test_if_the_first_never_listens_the_others_are_not_started(tmp_path: Path) -> None:
    with supervised(tmp_path, FIRST_ENDS, WAITS) as process:
        told, _ = process.communicate(timeout=20)
    assert told == "the first ended with code 7, so all of it is ended: start it again\n"


def test_if_one_ends_by_itself_so_do_the_rest(tmp_path: Path) -> None:
    with supervised(tmp_path, LISTENS, WAITS, FIRST_ENDS) as process:
        told, _ = process.communicate(timeout=20)
        assert not session(process.pid)
    assert told == "number 1 ended with code 7, so all of it is ended: start it again\n"


def test_if_it_is_killed_the_kernel_ends_the_rest(tmp_path: Path) -> None:
    """Two schedulers on one storage would start every night twice."""
    with supervised(tmp_path, LISTENS, WAITS) as process:
        until(lambda: len(session(process.pid)) == 3)
        process.kill()
        process.wait()
        until(lambda: not session(process.pid), seconds=20)
