"""Peers: other tools that do the same work, each in a venv of its own.

    pinned packages ─ pip ─▶ venv in the cache ─ its Python runs a script of ours ─▶ seconds, MB

A venv is made once, and made anew when its packages change. `--quick` uses those that are there.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_READY = "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A tool by the packages that it is made of, each with its version."""

    name: str
    packages: tuple[str, ...]
    """As `duckdb==1.5.6`."""

    @property
    def python(self) -> Path:
        """The interpreter of its venv."""
        return self._folder / "bin" / "python"

    @property
    def is_ready(self) -> bool:
        """Whether its venv is there."""
        return (self._folder / _READY).exists()

    @property
    def _folder(self) -> Path:
        digest = hashlib.sha256(" ".join((sys.version, *self.packages)).encode()).hexdigest()
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
        return cache / "seatrial-bench" / f"{self.name}-{digest[:12]}"

    def install(self) -> None:
        """Make its venv, unless it is there. Raises CalledProcessError with what pip said."""
        if self.is_ready:
            return
        shutil.rmtree(self._folder, ignore_errors=True)
        venv.create(self._folder, with_pip=True)
        wanted: list[str | Path] = [self.python, "-m", "pip", "install", "--quiet", *self.packages]
        subprocess.run(wanted, check=True, capture_output=True, text=True)
        (self._folder / _READY).touch()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What one process took from its start to its end, imports and all, and what it found."""

    wall: float
    cpu: float
    """Of the process and of those that it waited for."""
    peak: float
    """Resident at most, in millions of bytes."""
    found: Any
    """The JSON of its last line."""


def ran(python: Path, script: Path, *arguments: str | Path, path: Sequence[Path] = ()) -> Ran:
    """Run a script to its end with a peer's Python, or with ours and the checkouts on `path`.

    Raises RuntimeError with the end of what it said, if it fails.
    """
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    environ = {**kept, "LC_ALL": "C.UTF-8", "PYTHONPATH": os.pathsep.join(map(str, path))}
    measured = [str(one) for one in (python, Path(__file__), script, *arguments)]
    began = time.perf_counter()
    ended = subprocess.run(measured, env=environ, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - began
    if ended.returncode:
        raise RuntimeError(f"{script.name}: {(ended.stderr or ended.stdout).strip()[-2_000:]}")
    *_, found, used = [line for line in ended.stdout.splitlines() if line.strip()]
    figures = json.loads(used)
    return Ran(wall=wall, cpu=figures["cpu"], peak=figures["peak"], found=json.loads(found))


def _figures() -> dict[str, float]:
    """Of this process; the kernel's own `ru_maxrss` would hold what began it as well."""
    status = Path("/proc/self/status").read_text()
    [peak] = re.findall(r"^VmHWM:\s*(\d+) kB$", status, re.MULTILINE)
    return {"cpu": sum(os.times()[:4]), "peak": int(peak) * 1024 / 1e6}


if __name__ == "__main__":
    # In the process that is measured: only it can tell its own largest size.
    import runpy

    script, sys.argv = sys.argv[1], sys.argv[1:]
    sys.path[0] = str(Path(script).parent)
    runpy.run_path(script, run_name="__main__")
    print("\n" + json.dumps(_figures()))
