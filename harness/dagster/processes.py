"""Several processes that live and end together.

One signal to this process ends all of them, in order. If one of them ends by itself, so do the
rest. If this process is killed, the kernel ends them.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from harness.errors import ProcessDied

_LOOK_SECONDS = 0.2
_GRACE_SECONDS = 60.0
"""As long as Dagster gives its own parts: a run that is cut writes that down first."""
_PR_SET_PDEATHSIG = 1
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Signalled(Exception):
    """Somebody wants all of it to end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One process: what it is to a reader, and how it starts."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    folder: Path
    """Its working directory."""
    told: bytes = field(default=b"", repr=False)
    """What it reads on its standard input."""
    socket: int | None = None
    """A file descriptor that it inherits."""


def run_together(first: Part, at: Path, others: Sequence[Part]) -> None:
    """Start `first`, wait until it listens at the socket `at`, start the others, and wait for a
    signal. Ends the others before the first.

    Raises ProcessDied if one of them ends before that.
    """
    with suppress(_Signalled), _signals_raise(), _ending() as running:
        running[first.name] = _start(first)
        while not _listens(at):
            _look(running)
        for part in others:
            running[part.name] = _start(part)
        while True:
            _look(running)


@contextmanager
def _signals_raise() -> Iterator[None]:
    """Also where a shell started us with SIGINT ignored: what we start would ignore it, too."""

    def signalled(_number: int, _frame: object) -> None:
        for number in _SIGNALS:  # the end is begun once
            signal.signal(number, signal.SIG_IGN)
        raise _Signalled

    before = {number: signal.signal(number, signalled) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _ending() -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        yield running
    finally:
        for process in reversed(running.values()):
            _end(process)


def _start(part: Part) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        part.command,
        cwd=part.folder,
        env=part.environ,
        stdin=subprocess.PIPE,
        pass_fds=() if part.socket is None else (part.socket,),
        process_group=0,  # Ctrl-C comes to us alone, and we end them in order
        preexec_fn=_ends_with(os.getpid()),  # noqa: PLW1509 - we have no threads
    )
    assert process.stdin is not None
    with suppress(BrokenPipeError), process.stdin:
        process.stdin.write(part.told)
    return process


def _ends_with(parent: int) -> Callable[[], None]:
    def ask_kernel() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel


def _look(running: Mapping[str, subprocess.Popen[bytes]]) -> None:
    time.sleep(_LOOK_SECONDS)
    for name, process in running.items():
        if (code := process.poll()) is not None:
            raise ProcessDied(
                f"{name} ended with code {code}, so all of it is ended: start it again"
            )


def _end(process: subprocess.Popen[bytes]) -> None:
    """With whatever it started. SIGINT is what Dagster's processes end well by."""
    deadline = time.monotonic() + _GRACE_SECONDS
    _signal(process.pid, signal.SIGINT)
    while time.monotonic() < deadline:
        process.poll()
        if not _signal(process.pid, 0):
            break
        time.sleep(_LOOK_SECONDS / 4)
    else:
        _signal(process.pid, signal.SIGKILL)
    process.wait()


def _signal(group: int, number: int) -> bool:
    """Whether there was anybody in the group to signal."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


def _listens(at: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(at))
        except OSError:
            return False
    return True
