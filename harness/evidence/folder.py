"""Writes a bundle's folder as a whole: under its name stands all of it, or nothing.

    .NAME.partial, locked ─▶ every file and folder on disk ─▶ renamed to NAME ─▶ its parent on disk

What a killed export left is removed by the next one to the same name.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from harness import folders
from harness.errors import ConfigurationError, of_disk
from harness.ledger.remedies import remedy_of_file


def require_free(to: Path) -> None:
    """Raise ConfigurationError where something has the bundle's name already: nothing that
    somebody may have signed or sent is overwritten.
    """
    if os.path.lexists(to):
        raise ConfigurationError(f"{to} is there already: move it away, or name a new --out")


def write(to: Path, files: Mapping[str, bytes]) -> None:
    """Write every file below `to`, a new folder of ours alone.

    Raises ConfigurationError where it cannot be made, and OSError where the disk is full or fails.
    """
    require_free(to)
    folders.take_results(to.parent)
    try:
        with _partial(to) as partial:
            for path, data in files.items():
                _write(partial, path, data)
            for folder in (partial, *(one for one in partial.rglob("*") if one.is_dir())):
                _sync(folder)
            partial.rename(to)
        _sync(to.parent)
    except OSError as error:
        if of_disk(error):
            raise
        raise ConfigurationError(f"{error.filename or to}: {remedy_of_file(error)}") from error


@contextmanager
def _partial(to: Path) -> Iterator[Path]:
    partial = to.with_name(f".{to.name}.partial")
    folders.take_folder(partial)
    descriptor = os.open(partial, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        _lock(descriptor, partial, to)
        try:
            _empty(partial)
            yield partial
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    finally:
        os.close(descriptor)


def _lock(descriptor: int, partial: Path, to: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        ours = os.path.samestat(os.fstat(descriptor), partial.lstat())
    except (BlockingIOError, FileNotFoundError):
        ours = False
    if not ours:  # it was renamed or removed between its opening and its lock
        raise ConfigurationError(f"another export is writing {to}: wait until it ends")


def _empty(folder: Path) -> None:
    for left in folder.iterdir():
        shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()


def _write(partial: Path, path: str, data: bytes) -> None:
    file = partial / path
    for folder in reversed(file.relative_to(partial).parents[:-1]):
        (partial / folder).mkdir(mode=0o700, exist_ok=True)
    try:
        with os.fdopen(folders.make_file(file), "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
    except OSError as error:  # a failed write has no name
        raise OSError(error.errno, error.strerror, str(file)) from error


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
