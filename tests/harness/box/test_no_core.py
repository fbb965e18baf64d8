"""No process of ours leaves a core file, or lets another process of its user look into it."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from harness.box.process import leave_no_core
from tests.cli import REPOSITORY
from tests.harness.box.hostile import SECRETS, hostile, proven

PR_GET_DUMPABLE, PR_SET_DUMPABLE = 3, 4
NOBODY = 65534
TELL = f"""
import ctypes, resource
print(ctypes.CDLL(None).prctl({PR_GET_DUMPABLE}), resource.getrlimit(resource.RLIMIT_CORE)[0])
"""
COMMAND = "import sys; sys.argv = ['seatrial', '--version']\nimport seatrial_command\n"
BEGINS = {
    "the command": f"{COMMAND}try: seatrial_command.main()\nexcept SystemExit: pass",
    "what Dagster loads": "from harness import definitions; definitions.defs()",
}


def python(code: str, tmp_path: Path, **options: object) -> list[str]:
    environ = {"PYTHONPATH": str(REPOSITORY), "PATH": os.defpath, **SECRETS}
    environ["SEATRIAL_PILOT"] = str(hostile(tmp_path, "harmless"))
    ended = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, cwd=tmp_path
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split()


@pytest.mark.attempt(4)
@pytest.mark.parametrize("what", BEGINS)
def test_a_process_of_ours_is_not_dumped(tmp_path: Path, what: str) -> None:
    assert python(BEGINS[what] + "\n" + TELL, tmp_path)[-2:] == ["0", "0"]


def test_another_process_is(tmp_path: Path) -> None:
    """The control."""
    assert python(TELL, tmp_path)[0] == "1"


@pytest.mark.attempt(4)
def test_a_child_is_not_dumped_either(tmp_path: Path) -> None:
    found = proven(tmp_path, "tells-whether-it-is-dumped")
    assert found.seen.read_text() == "0 0"


@pytest.mark.attempt(4)
@pytest.mark.parametrize("guarded", [True, False])
def test_no_other_process_of_the_user_reads_its_environment(*, guarded: bool) -> None:
    """The control does without. Root may read all, so as root both are of another user."""

    def lives() -> bytes:
        if guarded:
            leave_no_core()
        else:
            # Becoming another user has set it to 0.
            assert ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0
        os.write(ready, b"ready")
        return os.read(until, 1)

    has_begun, ready = os.pipe()
    until, end = os.pipe()
    process, _ = as_nobody(lives)
    assert os.read(has_begun, 5) == b"ready"
    _, answer = as_nobody(lambda: opened(Path(f"/proc/{process}/environ")))
    with os.fdopen(answer, "rb") as told:
        assert bool(told.read()) is not guarded  # before the process may end
    os.write(end, b"!")
    for fd in (has_begun, ready, until, end):
        os.close(fd)
    os.waitpid(process, 0)


def opened(file: Path) -> bytes:
    """Says so if it may be read, which the kernel decides when it is opened (proc(5))."""
    with file.open("rb"):
        return b"opened"


def as_nobody(action: Callable[[], bytes]) -> tuple[int, int]:
    """A child that root lets become nobody, and where its answer comes; none if it fails."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setresgid(NOBODY, NOBODY, NOBODY)
                os.setresuid(NOBODY, NOBODY, NOBODY)
            os.write(writing, action())
        finally:
            os._exit(0)
    os.close(writing)
    return child, reading
