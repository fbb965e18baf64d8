"""What every store keeps to: no listing without end, and no file longer than it was listed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import IO, TypeVar

from connectors import bounds
from connectors.errors import SourceChanged
from connectors.files.listing import Listed

_T = TypeVar("_T")


def at_most_names(entries: Iterable[_T], folder: str) -> Iterator[_T]:
    """The entries of a folder; SourceChanged where there are more than are read."""
    for number, entry in enumerate(entries, 1):
        if number > bounds.NAMES:
            raise too_many(folder)
        yield entry


def too_many(folder: str) -> SourceChanged:
    """More names than are read."""
    return SourceChanged(
        f"{folder or 'the folder'} holds more than {bounds.NAMES:,} names: give the dataset a "
        "folder of its own, or name its folders in the glob"
    )


def changed(file: Listed) -> SourceChanged:
    """The file is not the one that was listed."""
    return SourceChanged(f"{file.name} changed while it was read: read again")


def copied(
    read: Callable[[int], bytes | memoryview], into: IO[bytes], file: Listed, step: int
) -> bool:
    """Copy a file to its end, `step` bytes at a time; False where it is longer than listed."""
    left = file.bytes
    # One byte more shows that there are more; a whole step more would be memory for nothing.
    while block := read(min(step, left + 1)):
        left -= len(block)
        if left < 0:
            return False
        into.write(block)
    return True
