"""Runs the real command line as a user would."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests import warm
from tests.shell import Ended, ended, plain, run

REPOSITORY = Path(__file__).resolve().parent.parent
DEMO = REPOSITORY / "estate" / "demo"
SEATRIAL = Path(sys.executable).parent / "seatrial"
HEARING = ("/usr/bin/env", "--default-signal=INT,TERM,HUP")
"""Before a command that is to hear signals: whoever runs the tests may be deaf to some (nohup)."""


def seatrial(
    arguments: Sequence[str | Path], *, cwd: Path, environ: Mapping[str, str] | None = None
) -> Ended:
    """Run `seatrial` in `cwd`."""
    environ = environ or {}
    if any(name.startswith("PYTHON") for name in environ):  # Python heeds them where it starts
        return run([SEATRIAL, *arguments], cwd=cwd, environ=environ)
    return ended(warm.run([*map(os.fspath, arguments)], cwd=cwd, environ=plain(cwd, environ)))
