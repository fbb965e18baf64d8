"""The files of a bundle as they lie on the disk: plain files alone, each opened once it is known
to be one, and never through a link.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from harness.evidence.verify import bounds
from harness.evidence.verify.finding import NotReadable

_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe that took the file's place must not hold us up
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_KINDS = (
    (stat.S_ISLNK, "a link"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """What was found in a folder, each file by its path with slashes."""

    root: Path
    sizes: dict[str, int] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    """What is no plain file, and why."""

    def read(self, name: str, most: int) -> bytes:
        """The bytes of a file. Raises NotReadable where there is none or it is too large."""
        with self._open(name, most) as file:
            return _all_of(file, most)

    def signed(self, name: str, most: int, listed: Mapping[str, tuple[str, int]]) -> bytes:
        """The bytes of a file, if they are those that a manifest lists. Raises NotReadable."""
        content = self.read(name, most)
        if name not in listed:
            raise NotReadable("it is not in the manifest")
        if hashlib.sha256(content).hexdigest() != listed[name][0]:
            raise NotReadable("it was not looked into: it is not the file that was signed")
        return content

    def digest(self, name: str) -> str:
        """The SHA-256 of a file. Raises NotReadable."""
        digest = hashlib.sha256()
        with self._open(name, bounds.FILE) as file:
            left = self.sizes[name]
            while block := file.read(bounds.BLOCK):
                left -= len(block)
                if left < 0:  # it grows as it is read
                    raise NotReadable("it changed while it was read")
                digest.update(block)
        return digest.hexdigest()

    def lines(self, name: str, digest: str) -> Iterator[bytes]:
        """The lines of a file whose digest was verified, with their ends. Raises NotReadable
        where one is too long, and at the end where what was given is not what was verified.
        """
        read = hashlib.sha256()
        with self._open(name, bounds.FILE) as file:
            while line := file.readline(bounds.LINE + 1):
                if len(line) > bounds.LINE:
                    raise NotReadable(f"it has a line of more than {bounds.LINE:,} bytes")
                read.update(line)
                yield line
        if read.hexdigest() != digest:
            raise NotReadable("it changed while it was read")

    def _open(self, name: str, most: int) -> BinaryIO:
        if name not in self.sizes:
            raise NotReadable(self.wrong.get(name, "it is not there"))
        if self.sizes[name] > most:
            raise NotReadable(f"it has {self.sizes[name]:,} bytes; at most {most:,} are read")
        try:
            descriptor = os.open(self.root / name, _FLAGS)
        except OSError as error:
            raise NotReadable(f"it cannot be opened: {error.strerror}") from error
        opened = os.fstat(descriptor)
        if not stat.S_ISREG(opened.st_mode) or opened.st_size != self.sizes[name]:
            os.close(descriptor)
            raise NotReadable("it changed while it was read")
        return os.fdopen(descriptor, "rb")


def listed(root: Path) -> Folder:
    """All that lies in a folder. Raises NotReadable where it is none or holds too much."""
    found = Folder(root=root)
    _list(root, "", found, depth=0)
    return found


def read_file(path: Path, most: int) -> bytes:
    """The bytes of a file that a user names: it may be a link. Raises NotReadable."""
    try:
        if not path.is_file():
            raise NotReadable("it is no file" if path.exists() else "it is not there")
        with path.open("rb") as file:
            return _all_of(file, most)
    except OSError as error:
        raise NotReadable(f"it cannot be opened: {error.strerror}") from error


def _all_of(file: BinaryIO, most: int) -> bytes:
    content = file.read(most + 1)
    if len(content) > most:
        raise NotReadable(f"it has more than {most:,} bytes; no more are read")
    return content


def _list(folder: Path, prefix: str, found: Folder, *, depth: int) -> None:
    try:
        with os.scandir(folder) as inside:
            entries = sorted(inside, key=lambda entry: entry.name)
    except OSError as error:
        if not prefix:
            raise NotReadable(f"it cannot be listed: {error.strerror}") from error
        found.wrong[prefix] = f"a folder that cannot be listed: {error.strerror}"
        return
    if prefix and not entries:
        found.wrong[prefix] = "an empty folder"
    for entry in entries:
        name = f"{prefix}{entry.name}"
        if len(found.sizes) + len(found.wrong) >= bounds.FILES:
            raise NotReadable(f"it has more than {bounds.FILES:,} files; no more are read")
        _take(entry, name, found, depth=depth)


def _take(entry: os.DirEntry[str], name: str, found: Folder, *, depth: int) -> None:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        found.wrong[name] = f"a name that leads to nothing: {error.strerror}"
        return
    if len(name) > bounds.NAME:
        found.wrong[name[: bounds.NAME] + "…"] = "a name that is too long"
    elif stat.S_ISDIR(status.st_mode):
        if depth + 1 >= bounds.DEPTH:
            found.wrong[f"{name}/"] = "a folder too deep within folders"
        else:
            _list(Path(entry.path), f"{name}/", found, depth=depth + 1)
    elif stat.S_ISREG(status.st_mode):
        found.sizes[name] = status.st_size
    else:
        kind = next((says for tells, says in _KINDS if tells(status.st_mode)), "no file")
        found.wrong[name] = f"{kind}, and not a file of its own"
