"""Stops a child of our own at each of its system calls that changes a file, and there kills it,
tears its write or lets the call fail. Linux on x86-64, by ptrace(2); no other program is touched.

    fork ─▶ the child stops ─▶ call 1, 2, … n ─▶ the n-th: kill -9, half a write, or EIO
"""

from __future__ import annotations

import ctypes
import os
import signal
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum

CHANGING = {
    1: "write",
    18: "pwrite64",
    20: "writev",
    74: "fsync",
    75: "fdatasync",
    77: "ftruncate",
    82: "rename",
    264: "renameat",
    316: "renameat2",
    86: "link",
    87: "unlink",
    263: "unlinkat",
    83: "mkdir",
    84: "rmdir",
    285: "fallocate",
    326: "copy_file_range",
}
"""By its number on x86-64: whatever changes what a later reader finds."""
_WRITES = frozenset({"write", "pwrite64"})
_SYNCS = frozenset({"fsync", "fdatasync"})
_TRACEME, _GETREGS, _SETREGS, _SYSCALL, _SETOPTIONS, _GET_INFO = 0, 12, 13, 24, 0x4200, 0x420E
_OPTIONS = 0x1 | 0x2 | 0x4 | 0x8 | 0x100000
"""SYSGOOD, FORK, VFORK, CLONE, and EXITKILL: a child never outlives whoever traces it."""
_WALL = 0x40000000
_ENTRY, _EXIT = 1, 2
_RAX, _COUNT, _CALL = 10, 12, 15
"""Where rax, rdx and orig_rax are in user_regs_struct, in words."""
_REGISTERS = ctypes.c_ulonglong * 27
_EIO = 5
_LIBC = ctypes.CDLL(None, use_errno=True)


class Blow(Enum):
    """What happens at the n-th call."""

    KILL = "killed before it"
    TEAR = "killed when half of it was written"
    FAIL = "it fails with EIO"


@dataclass(frozen=True, slots=True)
class Point:
    """One call: its number in order from 1, and which it was."""

    number: int
    call: str

    def takes(self, blow: Blow) -> bool:
        """Whether that blow means something here: only a write is torn, only a sync fails."""
        kinds = {Blow.TEAR: _WRITES, Blow.FAIL: _SYNCS}
        return self.call in kinds.get(blow, (self.call,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """How a child ended, the calls that it came to, and all that it told."""

    status: int
    points: tuple[Point, ...]
    told: tuple[str, ...]
    """Whole lines alone: what it acknowledged."""

    @property
    def killed(self) -> bool:
        return os.WIFSIGNALED(self.status) and os.WTERMSIG(self.status) == signal.SIGKILL


def traced(
    act: Callable[[Callable[[str], None]], None], *, at: int = 0, blow: Blow = Blow.KILL
) -> Traced:
    """Do `act` in a child, which is struck at its call number `at`; never with 0.

    It forks: call it from a process that has one thread.
    """
    with _told() as (reading, writing):
        child = os.fork()
        if child == 0:
            _live(act, writing)
        os.close(writing)
        status, points = _follow(child, at, blow)
        with os.fdopen(os.dup(reading)) as lines:
            told = tuple(line.rstrip("\n") for line in lines if line.endswith("\n"))
    return Traced(status=status, points=points, told=told)


@contextmanager
def _told() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    try:
        yield reading, writing
    finally:
        os.close(reading)


def _live(act: Callable[[Callable[[str], None]], None], writing: int) -> None:
    """The child: it stops until it is followed, and ends without any clean-up of its parent's."""
    code = 1
    try:
        _ptrace(_TRACEME, 0, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        act(lambda line: _tell(writing, line))
        code = 0
    except BaseException as error:  # noqa: BLE001 - whatever it is, the child tells and ends
        _tell(writing, f"raised {type(error).__name__}: {' '.join(str(error).split())}")
    finally:
        os._exit(code)


def _tell(writing: int, line: str) -> None:
    os.write(writing, f"{line}\n".encode())


def _follow(child: int, at: int, blow: Blow) -> tuple[int, tuple[Point, ...]]:
    points: list[Point] = []
    os.waitpid(child, 0)
    _ptrace(_SETOPTIONS, child, _OPTIONS)
    _ptrace(_SYSCALL, child, 0)
    struck: set[int] = set()
    while True:
        tid, status = os.waitpid(-1, _WALL)
        if os.WIFEXITED(status) or os.WIFSIGNALED(status):
            if tid == child:
                return status, tuple(points)
            continue
        stopped = os.WSTOPSIG(status)
        passed_on = 0 if stopped in (signal.SIGTRAP, signal.SIGSTOP) else stopped
        if stopped == signal.SIGTRAP | 0x80:
            passed_on = 0
            if tid in struck:
                struck.discard(tid)
                _finish(child, tid, blow)
            elif (call := CHANGING.get(_entered(tid))) is not None:
                points.append(Point(len(points) + 1, call))
                if len(points) == at and points[-1].takes(blow):
                    struck.add(tid)
                    _strike(child, tid, blow)
        _ptrace(_SYSCALL, tid, passed_on)


def _entered(tid: int) -> int:
    """The number of the call that the thread is about to do; -1 when it comes back from one."""
    buffer = ctypes.create_string_buffer(88)
    _ptrace(_GET_INFO, tid, ctypes.addressof(buffer), size=len(buffer))
    (number,) = struct.unpack_from("<Q", buffer, 24)
    return int(number) if buffer.raw[0] == _ENTRY else -1


def _strike(child: int, tid: int, blow: Blow) -> None:
    if blow is Blow.KILL:
        os.kill(child, signal.SIGKILL)
        return
    registers = _registers(tid)
    if blow is Blow.TEAR:
        registers[_COUNT] //= 2
    else:
        registers[_CALL] = 2**64 - 1  # no such call: nothing is synced
    _ptrace(_SETREGS, tid, ctypes.addressof(registers))


def _finish(child: int, tid: int, blow: Blow) -> None:
    """The struck call comes back."""
    if blow is Blow.TEAR:
        os.kill(child, signal.SIGKILL)
    elif blow is Blow.FAIL:
        registers = _registers(tid)
        registers[_RAX] = 2**64 - _EIO
        _ptrace(_SETREGS, tid, ctypes.addressof(registers))


def _registers(tid: int) -> ctypes.Array[ctypes.c_ulonglong]:
    registers = _REGISTERS()
    _ptrace(_GETREGS, tid, ctypes.addressof(registers))
    return registers


def _ptrace(request: int, pid: int, data: int, *, size: int = 0) -> None:
    """Also where the child is gone meanwhile (ESRCH): its end is heard by waitpid."""
    done = _LIBC.ptrace(
        ctypes.c_long(request), ctypes.c_long(pid), ctypes.c_void_p(size), ctypes.c_void_p(data)
    )
    number = ctypes.get_errno()
    if done < 0 and number != 3:
        raise OSError(number, os.strerror(number), f"ptrace {request}")
