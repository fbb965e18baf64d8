"""What a fresh process takes: seconds, and the memory of itself and of all that it started."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_EVERY_SECONDS = 0.5
_REPOSITORY = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What one process took from its start to its end."""

    wall: float
    cpu: float
    """Of the process and of those that it waited for."""
    peak: float
    """Resident in it alone at most, in millions of bytes."""
    peak_of_others: float
    """In all that it started, at most at one time; what they share is counted once."""


def spent(
    argv: Sequence[str | Path], environ: Mapping[str, str], *, watched: bool = False
) -> Spent:
    """Run it to its end; raises when it fails. Only a `watched` process tells its memory."""
    environ = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": "/nonexistent", **environ}
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        child = subprocess.Popen(argv, env=environ, cwd=_REPOSITORY, stdout=said, stderr=said)
        alone = peak_of_others = 0.0
        while watched and _is_running(child.pid):
            alone = max(alone, peak(child.pid))
            peak_of_others = max(peak_of_others, sum(map(proportional, below(child.pid))))
            time.sleep(_EVERY_SECONDS)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            said.seek(0)
            raise RuntimeError(f"{argv} ended with {child.returncode}: {said.read()[-2000:]!r}")
    return Spent(
        wall=wall,
        cpu=usage.ru_utime + usage.ru_stime,
        peak=alone,
        peak_of_others=peak_of_others,
    )


def _is_running(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def below(pid: int) -> list[int]:
    """Every process that it started, and those that these did."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(child) for child in task.read_text().split()]
        except OSError:
            continue
        found += [*children, *(one for child in children for one in below(child))]
    return found


def peak(pid: int) -> float:
    """Resident in a process at most since it began, in millions of bytes."""
    return _kilobytes(Path(f"/proc/{pid}/status"), "VmHWM") * 1024 / 1e6


def proportional(pid: int) -> float:
    """Resident in a process, in millions of bytes; what it shares counts in part."""
    return _kilobytes(Path(f"/proc/{pid}/smaps_rollup"), "Pss") * 1024 / 1e6


def _kilobytes(file: Path, name: str) -> int:
    """A figure of proc(5); nothing of a process that has ended meanwhile."""
    try:
        found = re.search(rf"^{name}:\s*(\d+) kB$", file.read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) if found else 0
