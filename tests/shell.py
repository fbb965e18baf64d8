"""Runs a command in a process of its own, with nothing but the environment it is given."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on stderr that says what is wrong; progress lines are indented."""
        lines = [line for line in self.err.splitlines() if not line.startswith("  ")]
        assert len(lines) == 1, self.err
        return lines[0]


def run(arguments: Sequence[str | Path], *, cwd: Path, environ: Mapping[str, str]) -> Ended:
    """Wait for the command; whatever it was, it never shows a traceback."""
    return ended(
        subprocess.run(
            arguments,
            cwd=cwd,
            env=plain(cwd, environ),
            capture_output=True,
            text=True,
            check=False,
        )
    )


def plain(cwd: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of a command that is given `environ`. It keeps its state where the
    test does, and not in `cwd`.
    """
    state = {name: os.environ[name] for name in ("XDG_STATE_HOME",) if name in os.environ}
    return {"PATH": "/usr/bin:/bin", "HOME": str(cwd), "LC_ALL": "C.UTF-8", **state, **environ}


def ended(process: subprocess.CompletedProcess[str]) -> Ended:
    assert "Traceback" not in process.stdout + process.stderr, process.stderr
    return Ended(code=process.returncode, out=process.stdout, err=process.stderr)
