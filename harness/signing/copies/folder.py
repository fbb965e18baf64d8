"""Copies in a folder, as on another machine's disk: one file a checkpoint, never written again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from connectors.errors import SourceChanged, SourceUnavailable
from harness import folders
from harness.signing import note
from harness.signing.copies.copy import file_name, newest, newest_of_others
from harness.signing.note import Checkpoint

_MODE = 0o644
"""What is signed is no secret, and others are to compare it."""


class Folder:
    """A folder that is there; we do not make it, for a disk that is not mounted is no copy."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = f"folder {path}"

    def put(self, checkpoint: Checkpoint, sealed: bytes) -> None:
        """Write the note, or find the same checkpoint there."""
        path = self._path / file_name(checkpoint)
        try:
            _write(path, sealed)
        except FileExistsError:
            if note.text_of(self._read(path.name)) != note.text_of(sealed):
                raise SourceChanged(f"{self.name}: {path.name} is another checkpoint") from None
        except OSError as error:
            raise self._failed(error, "written") from None

    def notes(self, origin: str) -> Iterator[bytes]:
        """Those in the folder."""
        yield from map(self._read, newest(self._names(), origin))

    def others(self, origin: str | None) -> Iterator[bytes]:
        """Those in the folder."""
        yield from map(self._read, newest_of_others(self._names(), origin))

    def _names(self) -> Iterator[str]:
        try:
            yield from [one.name for one in self._path.iterdir()]
        except OSError as error:
            raise self._failed(error, "listed") from None

    def _read(self, name: str) -> bytes:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            with os.fdopen(os.open(self._path / name, flags), "rb") as file:
                return file.read(note.MOST_BYTES + 1)
        except OSError as error:
            raise self._failed(error, "read") from None

    def _failed(self, error: OSError, what: str) -> SourceUnavailable:
        return SourceUnavailable(f"{self.name} cannot be {what}: {error.strerror}")


def _write(path: Path, data: bytes) -> None:
    """Write under another name first: who reads sees the whole note or none. Only the holder of
    the ledger's lock writes, so nothing comes in between.
    """
    if os.path.lexists(path):
        raise FileExistsError
    partial = path.with_name(f".{path.name}.partial")
    partial.unlink(missing_ok=True)  # of a run that was killed
    with os.fdopen(folders.make_file(partial, _MODE), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path)
