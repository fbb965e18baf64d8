"""Files in a folder of this machine, or of a share that is mounted here.

There is no log-in: the system lets our user read, or not. So nobody is seen to be let in and no
stranger is refused: `authenticated` stays UNPROVEN. An endpoint without a host is simulated
evidence, whatever is mounted there.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from connectors.connector import Probe
from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.events import Answered, Emit, Refused
from connectors.files.listing import Kind, Listed, matching, split, walk
from connectors.files.private import private_file
from connectors.files.stores.bounded import at_most_names, changed, copied
from connectors.local_rights import Powers, Process, powers, probes, this_process
from connectors.rights import NO_ANSWER, power
from connectors.worker import in_time

_COPY_BYTES = 1 << 20
_FOLDER = os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY
_FILE = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK  # a pipe that is put there must not hold us up


@dataclass(frozen=True, slots=True)
class Local:
    """A folder. Below it no link is followed, so nothing outside it is read.

    >>> Local(Path("/mnt/deliveries")).endpoint
    'file:///mnt/deliveries'
    """

    folder: Path
    answer_seconds: float = 300.0
    """For one listing or one file: a share may hang."""

    def __post_init__(self) -> None:
        if not self.folder.is_absolute():
            raise ValueError(f"write the whole path from /, not {str(self.folder)!r}")

    @property
    def endpoint(self) -> str:
        """`file:///…`."""
        return self.folder.as_uri()

    @contextmanager
    def session(self, emit: Emit) -> Iterator[LocalSession]:
        """Hold the folder open."""
        with _asking(f"open {self.folder.name}", emit):
            root = in_time(lambda: os.open(self.folder, _FOLDER), self.answer_seconds)
        try:
            yield LocalSession(root=root, emit=emit, seconds=self.answer_seconds)
        finally:
            os.close(root)

    def probe(self, folder: str, *, emit: Emit) -> Sequence[Probe]:  # noqa: ARG002 - a Store
        """A folder knows no strangers."""
        return ()

    def look_up(self, globs: Mapping[str, str], *, emit: Emit) -> Sequence[Probe]:
        """What the system lets us do with the files of each dataset, and with their folders.
        Never raises: a folder that does not answer gives one failed probe.
        """
        us, found = this_process(), dict[str, list[Powers]]()
        try:
            with self.session(emit) as session:
                for dataset, glob in globs.items():
                    files, folders = session.powers(*split(glob), us)
                    found |= {f"files of {dataset}": files, f"the folder of {dataset}": folders}
        except SourceError as error:
            return (power("look up modes", status=NO_ANSWER, detail=str(error)),)
        return tuple(probes(found, us))


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalSession:
    """An open folder."""

    root: int
    """Its descriptor."""
    emit: Emit
    seconds: float

    def entries(self, folder: str, pattern: str) -> Iterable[Listed]:
        """All that matches."""
        return walk(self._entries, folder, pattern)

    def fetch(self, folder: str, file: Listed) -> IO[bytes]:
        """A copy, of one moment by the file's size and time before and after."""
        parent, _, name = f"{folder}/{file.name}".lstrip("/").rpartition("/")
        copy, is_whole = private_file(), False

        def whole() -> bool:
            with self._folder(parent) as there:
                descriptor = os.open(name, _FILE | os.O_NOFOLLOW, dir_fd=there)
            with os.fdopen(descriptor, "rb", buffering=0) as source:
                before = os.fstat(descriptor)
                if not stat.S_ISREG(before.st_mode) or before.st_mtime != file.modified:
                    return False
                if not copied(source.read, copy, file, _COPY_BYTES):
                    return False
                after = os.fstat(descriptor)
            copy.flush()
            return (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)

        try:
            with _asking(f"read {file.name}", self.emit, file.bytes):
                is_whole = in_time(whole, self.seconds)
        finally:
            if not is_whole:
                copy.close()
        if not is_whole:
            raise changed(file)
        return copy

    def part(self, folder: str, file: Listed, start: int, size: int) -> bytes:
        """Some bytes of a file that has the size and time that were listed."""
        parent, _, name = f"{folder}/{file.name}".lstrip("/").rpartition("/")

        def some() -> bytes | None:
            with self._folder(parent) as there:
                descriptor = os.open(name, _FILE | os.O_NOFOLLOW, dir_fd=there)
            with os.fdopen(descriptor, "rb", buffering=0):
                now = os.fstat(descriptor)
                same = (now.st_size, now.st_mtime) == (file.bytes, file.modified)
                is_it = stat.S_ISREG(now.st_mode) and same
                return os.pread(descriptor, size, start) if is_it else None

        with _asking(f"read part of {file.name}", self.emit, size):
            found = in_time(some, self.seconds)
        if found is None:
            raise changed(file)
        return found

    def powers(self, folder: str, pattern: str, us: Process) -> tuple[list[Powers], list[Powers]]:
        """Ours over the files that match, and over the folders that they lie in."""
        files = matching(self.entries(folder, pattern), pattern)
        below = {f"{folder}/{file.name}".lstrip("/").rpartition("/")[0] for file in files}
        by_folder = {one: list[str]() for one in {folder, *below}}
        for file in files:
            parent, _, name = f"{folder}/{file.name}".lstrip("/").rpartition("/")
            by_folder[parent].append(name)

        def look() -> tuple[list[Powers], list[Powers]]:
            of_files, of_folders = list[Powers](), list[Powers]()
            for parent, names in by_folder.items():
                with self._folder(parent) as there:
                    of_folders.append(powers(".", us, at=there))
                    of_files += [powers(name, us, at=there) for name in names]
            return of_files, of_folders

        with _asking(f"look up modes in {folder or '.'}", self.emit):
            return in_time(look, self.seconds)

    def _entries(self, folder: str) -> list[Listed]:
        def scan() -> list[Listed]:
            with self._folder(folder) as there, os.scandir(there) as entries:
                return [_listed(entry) for entry in at_most_names(entries, folder)]

        with _asking(f"list {folder or '.'}", self.emit):
            return in_time(scan, self.seconds)

    @contextmanager
    def _folder(self, folder: str) -> Iterator[int]:
        """A folder below the root, part by part: none of them may be a link."""
        there = os.dup(self.root)
        try:
            for part in filter(None, folder.split("/")):
                below = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=there)
                os.close(there)
                there = below
            yield there
        finally:
            os.close(there)


def _listed(entry: os.DirEntry[str]) -> Listed:
    told = entry.stat(follow_symlinks=False)
    kind = Kind.OTHER
    if stat.S_ISREG(told.st_mode):
        kind = Kind.FILE
    elif stat.S_ISDIR(told.st_mode):
        kind = Kind.FOLDER
    return Listed(name=entry.name, bytes=told.st_size, modified=told.st_mtime, kind=kind)


@contextmanager
def _asking(what: str, emit: Emit, size: int = 0) -> Iterator[None]:
    """Tell of one answer of the system, and turn a failure into ours."""
    began = time.perf_counter()

    def answered(status: str, size: int) -> None:
        seconds = time.perf_counter() - began
        emit(Answered(what=what, status=status, seconds=seconds, bytes=size, attempt=1))

    try:
        yield
    except OSError as error:
        status = errno.errorcode.get(error.errno or 0)
        if status is not None:  # a time-out is no answer
            answered(status, 0)
        if isinstance(error, PermissionError):
            emit(Refused(what=what, status=status or "EACCES"))
        raise _source_error(what, error, status or "no answer") from error
    answered("OK", size)


def _source_error(what: str, error: OSError, status: str) -> SourceError:
    if isinstance(error, PermissionError):
        return AccessDenied(f"{what}: permission denied: ask for the right to read it")
    if isinstance(error, FileNotFoundError):
        return SourceChanged(f"{what}: there is no such file or folder: correct its name")
    if error.errno in (errno.ENOTDIR, errno.ELOOP):
        return SourceChanged(f"{what}: a link or file is in the way: put a folder there")
    return SourceUnavailable(f"{what}: {status}: is the disk or share up?")
