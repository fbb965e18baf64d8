"""The helper: forks a child for each task, and reports how each child ended.

It was started with almost no environment, holds no secret and no connection, and has one thread of
Python. So a child begins with what the helper imported, and with nothing that it could give away.
"""

from __future__ import annotations

import gc
import importlib
import os
import selectors
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

import msgspec

from harness.box.process import end_with, leave_no_core

_REQUEST_BYTES = 1 << 17
SHARED = (
    "connectors.",
    "contracts.",
    "seatrial",
    "pandera.",
    "polars.",
    "pyarrow.",
    "sqlalchemy.",
)
"""The modules that a helper imports when it is asked to: our own, and those of the libraries that
they use. A pilot's own are imported in each child.
"""
ENDED = struct.Struct("=iqd")
"""How a child ended: status of wait(2), peak of resident bytes, CPU seconds."""


class Fork(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Begin a child. Its channel, and a socket for how it ended, come beside this."""

    number: int
    modules: tuple[str, ...]
    """Imported before, once for all children."""


class Kill(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """End a child, unless it has ended."""

    number: int


class Helper:
    """The loop of the helper process; `work` is what a child does with its channel."""

    def __init__(self, control: socket.socket, work: Callable[[socket.socket], None]) -> None:
        self._control = control
        self._work = work
        self._woken, self._waker = socket.socketpair()
        self._children: dict[int, tuple[int, socket.socket]] = {}
        """Number and socket of each child that has not ended, by its process id."""

    def serve(self) -> None:
        """Serve until the process that started us ends. All children end with us."""
        leave_no_core()
        # A service manager tells every process: the one that started us decides what it means.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self._waker.setblocking(False)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fileobj is self._woken:
                        self._woken.recv(4096)
                        self._report()
                    elif not self._obey():
                        return

    def _obey(self) -> bool:
        """Do what is asked next; False when nobody is left to ask."""
        message, given, _, _ = socket.recv_fds(self._control, _REQUEST_BYTES, 2)
        if not message:
            return False
        request = msgspec.msgpack.decode(message, type=Fork | Kill)
        if isinstance(request, Kill):
            for pid, (number, _) in self._children.items():
                if number == request.number:
                    os.kill(pid, signal.SIGKILL)
            return True
        channel, ended = (socket.socket(fileno=one) for one in given)
        _import(request.modules)
        self._children[self._fork(channel, ended)] = (request.number, ended)
        channel.close()
        return True

    def _fork(self, channel: socket.socket, ended: socket.socket) -> int:
        helper = os.getpid()
        gc.freeze()  # what is there stays, and its pages are shared
        pid = os.fork()
        if pid == 0:
            end_with(helper)
            others = [ended, self._control, self._woken, self._waker]
            self._begin(channel, [*others, *(one for _, one in self._children.values())])
        return pid

    def _begin(self, channel: socket.socket, others: list[socket.socket]) -> NoReturn:
        """Be a child."""
        code = 1
        try:
            gc.enable()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for one in others:
                one.close()
            self._work(channel)
            code = 0
        except BaseException:  # noqa: BLE001 - the end of this process says so
            traceback.print_exc()
            sys.stderr.flush()
        finally:
            os._exit(code)  # a normal end could wait for threads of libraries

    def _report(self) -> None:
        """Tell how each child ended that has ended."""
        while self._children:
            pid, status, used = os.wait4(-1, os.WNOHANG)
            if pid == 0:
                return
            _, ended = self._children.pop(pid)
            cpu = used.ru_utime + used.ru_stime
            with ended:
                try:
                    ended.sendall(ENDED.pack(status, used.ru_maxrss << 10, cpu))
                except OSError:  # nobody waits for it any more
                    continue


def _import(modules: tuple[str, ...]) -> None:
    for name in modules:
        if name not in sys.modules and name.startswith(SHARED):
            with suppress(ImportError):  # some are no files of their own
                importlib.import_module(name)
