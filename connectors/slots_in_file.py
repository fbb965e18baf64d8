"""The slots of a budget in a file, shared by all processes of one user on one machine.

    head: boot, who paused it until when, how many were taken ever, which comes next
    slot: when its last answer came; below zero while it is in flight; 0 if it was never used

Who has a slot holds a lock on its bytes, which the kernel releases however the process dies. A
slot below zero that nobody holds is one whose holder died: its request may have been sent until
now, so it rests from now on. Times are those of the kernel's monotonic clock, which all processes
share. A boot begins it anew: what was used before then rests from the boot on.
"""

from __future__ import annotations

import fcntl
import os
import stat
import struct
import threading
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors import ownership
from connectors.errors import SourceError
from connectors.slots import Taken, window

_HEAD = struct.Struct("=16s d Q Q")
_SLOT = struct.Struct("=d")
_AT = 64
"""Where the slots begin."""
_LOCK = struct.Struct("hhqqi4x")
"""`struct flock` of Linux."""
_IN_FLIGHT, _NEVER = -1.0, 0.0
_SINCE_BOOT = 1e-9
_ASK_AGAIN_SECONDS = 0.02
"""Nobody tells another process that a slot was freed."""
_FOLDER, _FILE = 0o700, 0o600
_BOOT = Path("/proc/sys/kernel/random/boot_id")


class SlotsInFile:
    """Those of one budget, from one process. All who share the file may declare other budgets: a
    budget of five uses the first five slots of one of ten.
    """

    def __init__(
        self,
        file: Path,
        requests: int,
        seconds: float,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._requests = requests
        self._rest = window(seconds)
        self._monotonic = monotonic
        self._held: set[int] = set()
        self._file = _open(file)
        self._where = f"the budget that is shared in {file.parent}"
        self._boot = bytes.fromhex(_BOOT.read_text().strip().replace("-", ""))
        self._thread = threading.Lock()

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            os.close(self._file)

    def take(self, *, within: float) -> Taken:
        """The one that is free first, of those that nobody has."""
        with self._alone():
            paused_until, spent, at = self._head()
            now = self._monotonic()
            slot, used = self._next(at % self._requests, now)
            if slot is None:
                return Taken(None, _ASK_AGAIN_SECONDS)
            wait = max(0.0, self._free_at(used, now) - now, paused_until - now)
            if wait > within:
                self._lock(slot, fcntl.F_UNLCK)
                return Taken(None, wait)
            self._write(slot, _IN_FLIGHT)
            self._write_head(paused_until, spent + 1, slot + 1)
            self._held.add(slot)
            return Taken(slot, wait)

    def free(self, slot: int) -> None:
        """As `Slots` says. It is written before the lock is given up, and read behind it."""
        with self._thread:
            self._write(slot, max(self._monotonic(), _SINCE_BOOT))
            self._held.discard(slot)
            self._lock(slot, fcntl.F_UNLCK)

    def pause(self, seconds: float) -> None:
        """As `Slots` says."""
        with self._alone():
            paused_until, spent, at = self._head()
            until = max(paused_until, self._monotonic() + seconds)
            self._write_head(until, spent, at)

    def paused(self) -> float:
        """As `Slots` says."""
        with self._alone():
            return max(0.0, self._head()[0] - self._monotonic())

    def spent(self) -> int:
        """As `Slots` says."""
        with self._alone():
            return self._head()[1]

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process and no other thread looks or writes meanwhile."""
        with self._thread:
            self._lock_bytes(0, fcntl.F_WRLCK, wait=True)
            try:
                yield
            finally:
                self._lock_bytes(0, fcntl.F_UNLCK)

    def _head(self) -> tuple[float, int, int]:
        """Paused until, taken ever, the next one's place. Begun anew where it is of another boot,
        or is none of ours.
        """
        read = os.pread(self._file, _HEAD.size, 0)
        if len(read) == _HEAD.size:
            boot, paused_until, spent, at = _HEAD.unpack(read)
            if boot == self._boot:
                return paused_until, spent, at
        used = array("d", [_SINCE_BOOT if was else _NEVER for was in self._read_all()])
        self._put(used.tobytes(), _AT)
        self._write_head(0.0, 0, 0)
        return 0.0, 0, 0

    def _write_head(self, paused_until: float, spent: int, at: int) -> None:
        self._put(_HEAD.pack(self._boot, paused_until, spent, at), 0)

    def _next(self, at: int, now: float) -> tuple[int | None, float]:
        """A slot that nobody has, which is then ours, and when it was used: the one that was used
        longest ago, or the one at `at` if that is free now.
        """
        if self._free_at(self._read(at), now) <= now and self._try(at):
            return at, self._read(at)
        all_of_them = self._read_all()[: self._requests]
        all_of_them.extend([_NEVER] * (self._requests - len(all_of_them)))
        for slot, used in enumerate(all_of_them):
            if not 0.0 <= used <= now and self._try(slot):  # its holder died
                all_of_them[slot] = now
                self._write(slot, now)
                self._lock(slot, fcntl.F_UNLCK)
        in_order = sorted(range(self._requests), key=lambda i: self._free_at(all_of_them[i], now))
        for slot in in_order:
            if self._try(slot):
                return slot, self._read(slot)
        return None, 0.0

    def _free_at(self, used: float, now: float) -> float:
        """When a slot may be used again. What is no time before now was written by a process that
        died, or by no process of ours.
        """
        if used == _NEVER:
            return now
        return (used if 0.0 < used <= now else now) + self._rest

    def _read(self, slot: int) -> float:
        read = os.pread(self._file, _SLOT.size, _AT + slot * _SLOT.size)
        return float(_SLOT.unpack(read)[0]) if len(read) == _SLOT.size else _NEVER

    def _read_all(self) -> array[float]:
        read = os.pread(self._file, max(0, os.fstat(self._file).st_size - _AT), _AT)
        return array("d", read[: len(read) // _SLOT.size * _SLOT.size])

    def _write(self, slot: int, used: float) -> None:
        self._put(_SLOT.pack(used), _AT + slot * _SLOT.size)

    def _put(self, what: bytes, at: int) -> None:
        try:
            os.pwrite(self._file, what, at)
        except OSError as error:
            raise SourceError(
                f"{self._where} cannot be written: {error.strerror}: make room there, or name "
                "another folder by XDG_STATE_HOME"
            ) from error

    def _try(self, slot: int) -> bool:
        """Whether nobody has it, and so we do from now on."""
        return slot not in self._held and self._lock(slot, fcntl.F_WRLCK)

    def _lock(self, slot: int, kind: int) -> bool:
        return self._lock_bytes(_AT + slot * _SLOT.size, kind)

    def _lock_bytes(self, start: int, kind: int, *, wait: bool = False) -> bool:
        """Lock or unlock by this very opening of the file, so that threads are told apart, too."""
        how = fcntl.F_OFD_SETLKW if wait else fcntl.F_OFD_SETLK
        try:
            fcntl.fcntl(self._file, how, _LOCK.pack(kind, os.SEEK_SET, start, 1, 0))
        except BlockingIOError:
            return False
        return True


def make_folder(folder: Path) -> None:
    """Make a folder and those missing above it, each for us alone. Raises OSError."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=_FOLDER, exist_ok=True)


def _open(file: Path) -> int:
    """The file, made for us alone. Raises SourceError where others could change it, or where it is
    another's, no file, or cannot be opened.
    """
    shared = f"the budget that is shared in {file.parent}"
    if danger := ownership.danger(file, us=os.geteuid()):
        raise SourceError(f"{shared}: {danger}")
    try:
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(file, flags, _FILE)
    except OSError as error:
        raise SourceError(
            f"{shared}: {file.name} cannot be opened: {error.strerror}: move it away"
        ) from error
    state = os.fstat(descriptor)
    if not stat.S_ISREG(state.st_mode) or state.st_uid != os.geteuid():
        os.close(descriptor)
        raise SourceError(f"{shared}: {file.name} is no file of ours: move it away")
    return descriptor
