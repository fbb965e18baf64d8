"""The command line in a fork of a process that has imported it: as in a process of its own, but
that nobody waits for imports, which are half of what a command costs. Tests of signals, of the
process list and of the documented commands start it as a user does.
"""

from __future__ import annotations

import atexit
import locale
import multiprocessing
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TextIO

COMMAND = Path(sysconfig.get_path("scripts"), "seatrial")
_IMPORTED = (
    "harness.cli.main",
    "harness.onboarding.doctor",
    "harness.run.drift",
    "harness.run.prove",
    "pandera.polars",
    "seatrial.files",
    "seatrial.rest",
    "seatrial.sql",
    "seatrial_command",
)
_FORKS = multiprocessing.get_context("forkserver")


def run(
    arguments: Sequence[str], *, cwd: Path, environ: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Wait for the command; in `environ` stands its whole environment."""
    sys.audit("subprocess.Popen", COMMAND, arguments, cwd, environ)  # for `tests.quick`
    _FORKS.set_forkserver_preload([*_IMPORTED])
    with tempfile.TemporaryDirectory() as said:
        out, err = Path(said, "out"), Path(said, "err")
        process = _FORKS.Process(
            target=_be_the_command,
            args=(arguments, cwd, environ, _path(), out, err, _umask()),
        )
        process.start()
        try:
            process.join()
            code = process.exitcode
        finally:
            process.kill()
            process.join()
            process.close()
        assert code is not None
        return subprocess.CompletedProcess(
            [COMMAND, *arguments], code, out.read_text("utf-8"), err.read_text("utf-8")
        )


@cache
def _path() -> list[str]:
    """Where a script beside Python finds its modules."""
    asked = [sys.executable, "-P", "-c", "import sys; print(*sys.path, sep='\\n')"]
    told = subprocess.run(asked, env={}, capture_output=True, text=True, check=True).stdout
    return [str(COMMAND.parent), *told.splitlines()]


def _umask() -> int:
    os.umask(mask := os.umask(0))
    return mask


def _be_the_command(  # noqa: PLR0913, PLR0917 - all that makes a process
    arguments: Sequence[str],
    cwd: Path,
    environ: Mapping[str, str],
    path: list[str],
    out: Path,
    err: Path,
    umask: int,
) -> None:
    sys.stdout, sys.stderr = _into(out, 1), _into(err, 2)
    os.environ.clear()
    os.environ.update(environ)
    os.umask(umask)
    tempfile.tempdir = None
    time.tzset()
    locale.setlocale(locale.LC_CTYPE, "")
    os.chdir(cwd)
    sys.path[:] = path
    sys.argv = [str(COMMAND), *arguments]
    for name in [one for one in sys.modules if one.partition(".")[0] in {"tests", "__mp_main__"}]:
        del sys.modules[name]
    from seatrial_command import main

    try:
        main()
    finally:
        atexit._run_exitfuncs()  # noqa: SLF001 - multiprocessing ends its forks without them


def _into(file: Path, number: int) -> TextIO:
    os.dup2(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), number)
    return os.fdopen(number, "w", encoding="utf-8", closefd=False)
