"""Copies in a bucket: one object a checkpoint. That none is replaced is the bucket's to say: give
our key no right to delete, and lock its objects.
"""

from __future__ import annotations

from collections.abc import Iterator

from connectors.errors import SourceChanged
from connectors.files.stores.s3_small import SmallObjects
from harness.signing import note
from harness.signing.copies.copy import file_name, newest, newest_of_others
from harness.signing.note import Checkpoint


class Bucket:
    """Objects below one prefix."""

    def __init__(self, objects: SmallObjects, *, name: str) -> None:
        self._objects = objects
        self.name = name

    def put(self, checkpoint: Checkpoint, sealed: bytes) -> None:
        """Write the note, or find the same checkpoint there."""
        name = file_name(checkpoint)
        if name not in self._objects.names():
            self._objects.put(name, sealed)
        elif note.text_of(self._read(name)) != note.text_of(sealed):
            raise SourceChanged(f"{self.name}: {name} is another checkpoint")

    def notes(self, origin: str) -> Iterator[bytes]:
        """Those in the bucket."""
        yield from map(self._read, newest(iter(self._objects.names()), origin))

    def others(self, origin: str | None) -> Iterator[bytes]:
        """Those in the bucket."""
        yield from map(self._read, newest_of_others(iter(self._objects.names()), origin))

    def _read(self, name: str) -> bytes:
        return self._objects.read(name, most_bytes=note.MOST_BYTES + 1)
