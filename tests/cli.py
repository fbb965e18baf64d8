"""Runs the real command line as a user would, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
DEMO = REPOSITORY / "estate" / "demo"
SEATRIAL = Path(sys.executable).parent / "seatrial"


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


def seatrial(
    arguments: Sequence[str | Path], *, cwd: Path, environ: Mapping[str, str] | None = None
) -> Ended:
    """Run `seatrial` in `cwd` with nothing but `environ` and a path; never a traceback."""
    ended = subprocess.run(
        [SEATRIAL, *arguments],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "HOME": str(cwd), "LC_ALL": "C.UTF-8", **(environ or {})},
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert "Traceback" not in ended.stdout + ended.stderr, ended.stderr
    return Ended(code=ended.returncode, out=ended.stdout, err=ended.stderr)
