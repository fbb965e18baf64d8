"""Children from here: the helper is started when first needed, and lives as long as we do."""

from __future__ import annotations

import atexit
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from types import TracebackType
from typing import Self

import msgspec

from harness.box.frames import Frames
from harness.box.helper import ENDED, SHARED, Fork, Kill

_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ")
_ENVIRON: Mapping[str, str] = {
    # The helper must have no threads: a fork takes none along, and what they hold stays held.
    "OPENBLAS_NUM_THREADS": "1",
    "_RJEM_MALLOC_CONF": "background_thread:false",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    # Others reserve a gigabyte at once, which would count as used.
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}
_MAIN = """
import gc, json, sys
gc.disable()  # imports leave no garbage, and looking for it takes a while
sys.path[:] = json.loads(sys.argv[1])
from {module} import main
main(int(sys.argv[2]))
"""
_SECONDS = 5.0
"""How long a killed child may take to be reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a child ended."""

    status: int | None
    """As of wait(2); None if the helper ended with it."""
    peak: int = 0
    """Resident bytes at most."""
    cpu: float = 0.0

    @property
    def signal(self) -> int | None:
        """The signal that ended it, if one did."""
        killed = self.status is not None and os.WIFSIGNALED(self.status)
        return os.WTERMSIG(self.status) if killed and self.status is not None else None

    @property
    def how(self) -> str:
        """As a clause."""
        if self.status is None:
            return "it ended with the process that had begun it"
        if (number := self.signal) is not None:
            return f"it was ended by signal {number} ({signal.Signals(number).name})"
        return f"it ended with exit code {os.waitstatus_to_exitcode(self.status)}"


class Child:
    """One child that works: its messages, and how it ended. Leaving the block kills it."""

    def __init__(
        self, helper: Helper, number: int, channel: socket.socket, ended: socket.socket
    ) -> None:
        self._helper, self._number = helper, number
        self._channel, self._ended = channel, ended
        self.frames = Frames(channel)

    def kill(self) -> None:
        """End it now; its messages end, too."""
        self._helper.ask(Kill(number=self._number))

    @cached_property
    def ended(self) -> Ended:
        """How it ended: waits for that."""
        self._ended.settimeout(_SECONDS)
        try:
            told = self._ended.recv(ENDED.size)
        except OSError:
            told = b""
        if len(told) < ENDED.size:
            return Ended(status=None)
        status, peak, cpu = ENDED.unpack(told)
        return Ended(status=status, peak=peak, cpu=cpu)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        self._channel.close()
        self._ended.close()


class Helper:
    """The helper process, from the side of the process that started it."""

    def __init__(self, module: str) -> None:
        self._of = os.getpid()
        self._numbers = itertools.count()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        path = json.dumps([os.path.abspath(part) for part in sys.path])  # noqa: PTH100 - as given
        environ = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        with theirs, ExitStack() as on_failure:
            on_failure.enter_context(ours)
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-P",
                    "-c",
                    _MAIN.format(module=module),
                    path,
                    str(theirs.fileno()),
                ],
                env={**environ, **_ENVIRON},
                stdin=subprocess.DEVNULL,
                process_group=0,  # Ctrl-C comes to us alone, also while it imports
                pass_fds=[theirs.fileno()],
            )
            on_failure.pop_all()
        self._control = ours

    @property
    def lives(self) -> bool:
        """Whether it can be asked, by this very process."""
        return self._of == os.getpid() and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def fork(self) -> Child:
        """Begin a child. Raises OSError if the helper has ended."""
        channel, its_channel = socket.socketpair()
        ended, reports = socket.socketpair()
        modules = tuple(sorted(name for name in sys.modules.copy() if name.startswith(SHARED)))
        request = Fork(number=next(self._numbers), modules=modules)
        with its_channel, reports:
            given = [its_channel.fileno(), reports.fileno()]
            try:
                socket.send_fds(self._control, [msgspec.msgpack.encode(request)], given)
            except OSError:
                channel.close()
                ended.close()
                raise
        return Child(self, request.number, channel, ended)

    def ask(self, request: Kill) -> None:
        """Ask for something, unless the helper has ended: then all its children have."""
        try:
            self._control.send(msgspec.msgpack.encode(request))
        except OSError:
            return

    def end(self) -> None:
        """End it, and with it all its children."""
        self._control.close()
        if self._of == os.getpid():
            self._process.kill()
            self._process.wait()


_helpers: dict[str, Helper] = {}
_one_at_a_time = threading.Lock()


def fork(module: str) -> Child:
    """Begin a child that runs `main` of `module`, by a new helper if the old one has ended."""
    try:
        return helper(module).fork()
    except OSError:
        helper(module).end()
        return helper(module).fork()


def helpers() -> list[Helper]:
    """Those of this process that live."""
    with _one_at_a_time:
        return [known for known in _helpers.values() if known.lives]


def helper(module: str) -> Helper:
    """The one helper of this process whose children run `main` of `module`."""
    with _one_at_a_time:
        known = _helpers.get(module)
        if known is None or not known.lives:
            known = _helpers[module] = Helper(module)
            atexit.register(known.end)
        return known
