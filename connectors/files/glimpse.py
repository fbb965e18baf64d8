"""The columns of a dataset's newest file, from its first or last bytes. No row is converted.

    list ─▶ the last file by name ─▶ its first or last block ─▶ a private file ─▶ its columns

A file is as long as the listed one, so that a format finds its footer where it looks for it; what
was not fetched is a hole.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO, Protocol, runtime_checkable

from connectors.errors import NeedsRows, SourceChanged
from connectors.events import Declared
from connectors.files.inventory import Place
from connectors.files.listing import Listed
from connectors.files.private import path_of, private_file
from connectors.files.stores import FetchesParts
from connectors.files.stores.bounded import changed

BLOCK_BYTES = 64 << 10
"""Fetched first. Headers and most footers are shorter."""
_MOST_BYTES = 16 << 20
"""Fetched at most, if a header or footer is longer than that."""
_END_BYTES = 8
"""Behind a footer: its length and a mark (Parquet format, File Format)."""


@runtime_checkable
class TellsColumns(Protocol):
    """A format whose files tell their columns at one end."""

    @property
    def columns_are_last(self) -> bool:
        """In the last bytes, behind all rows; else in the first."""

    def columns(self, path: Path, name: str) -> Declared | None:
        """What that end of a file declares; None where nothing stands in it."""


def newest(place: Place, format_: object, now: float) -> Declared:
    """What the newest file that is there declares. Raises SourceError: NeedsRows if store or
    format has only whole files.
    """
    session = place.session
    if not isinstance(format_, TellsColumns):
        raise NeedsRows("its format tells no columns without a whole file")
    if not isinstance(session, FetchesParts):
        raise NeedsRows("its store has only whole files")
    settle = 0.0 if place.sealed is None else place.sealed.settle.total_seconds()
    files = [file for file in place.look().files if now - file.modified >= settle]
    if not files:
        raise NeedsRows(f"no file matches {place.pattern}, so none tells its columns")
    file = files[-1]
    if not file.bytes:
        raise NeedsRows(f"the newest file, {file.name}, is empty and tells no columns")
    with _end_of(session, place.folder, file, last=format_.columns_are_last) as private:
        declared = format_.columns(path_of(private), file.name)
    if declared is None:
        raise NeedsRows(f"the newest file, {file.name}, tells no columns")
    return declared


def _end_of(session: FetchesParts, folder: str, file: Listed, *, last: bool) -> IO[bytes]:
    """A private file with the first or last block of one that was listed."""

    def part(size: int) -> bytes:
        start = file.bytes - size if last else 0
        found = session.part(folder, file, start, size)
        if len(found) != size:
            raise changed(file)
        return found

    block = part(min(BLOCK_BYTES, file.bytes))
    if last:
        wanted = int.from_bytes(block[-_END_BYTES:-4], "little") + _END_BYTES
    else:
        wanted = len(block) if b"\n" in block else _MOST_BYTES
    if len(block) < min(wanted, file.bytes):
        if last and wanted > _MOST_BYTES:
            raise SourceChanged(f"{file.name}: its footer is longer than {_MOST_BYTES >> 20} MiB")
        block = part(min(wanted, file.bytes))
    private = private_file()
    if last:
        private.truncate(file.bytes)
        private.seek(file.bytes - len(block))
    private.write(block if last or len(block) == file.bytes else _whole_lines(block))
    private.flush()
    return private


def _whole_lines(block: bytes) -> bytes:
    return block[: block.rfind(b"\n") + 1] or block
