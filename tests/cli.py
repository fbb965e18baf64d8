"""Runs the real command line as a user would."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.shell import Ended, run

REPOSITORY = Path(__file__).resolve().parent.parent
DEMO = REPOSITORY / "estate" / "demo"
SEATRIAL = Path(sys.executable).parent / "seatrial"


def seatrial(
    arguments: Sequence[str | Path], *, cwd: Path, environ: Mapping[str, str] | None = None
) -> Ended:
    """Run `seatrial` in `cwd`."""
    return run([SEATRIAL, *arguments], cwd=cwd, environ=environ or {})
