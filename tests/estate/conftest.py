"""What the estate's own tests share: generated tables, and estates in processes of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from estate.data import Tpch, generate, wait_for

LAST_ORDER = date(2026, 11, 22)

# SIGINT is ignored in background jobs and children inherit that: ask for it as a terminal would.
_PROGRAM = """
import json, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
from estate.lifecycle import running
with running() as estate:
    pids = [process.popen.pid for server in estate.servers for process in server.processes]
    print(json.dumps({"folder": str(estate.folder), "pids": pids}), flush=True)
    signal.pause()
"""


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that tpchgen-cli wrote."""
    folder = tmp_path_factory.mktemp("generated") / "tpch"
    wait_for(generate(folder, scale=0.01))
    return folder


@pytest.fixture
def tpch(tables: Path) -> Callable[[int], Tpch]:
    """The generated tables as a seed has them."""
    return lambda seed: Tpch(folder=tables, last_order=LAST_ORDER, seed=seed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """An estate in another process."""

    process: subprocess.Popen[str]
    folder: Path
    pids: tuple[int, ...]


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary folders: short, for socket paths, and open to every user."""
    with tempfile.TemporaryDirectory(prefix="st-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


@pytest.fixture
def elsewhere(temporary: Path) -> Iterator[Callable[[], Elsewhere]]:
    """Starts estates in processes of their own, with their folders in `temporary`."""
    started: list[subprocess.Popen[str]] = []

    def start() -> Elsewhere:
        process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM],
            env={**os.environ, "TMPDIR": str(temporary)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        return Elsewhere(process=process, folder=Path(told["folder"]), pids=tuple(told["pids"]))

    yield start
    for process in started:
        process.terminate()
        process.communicate(timeout=30)
