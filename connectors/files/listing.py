"""Rules that every source of files keeps: which names are taken, and that nothing moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from connectors.errors import SourceChanged
from connectors.events import Witness, WitnessKind

_LONGEST_NAME_BYTES = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One file as a listing shows it."""

    name: str
    bytes: int
    modified: float
    """Seconds since 1970, UTC."""
    regular: bool = True
    """No folder, link or device."""


def matching(listed: Iterable[Listed], pattern: str) -> tuple[Listed, ...]:
    """The files whose names match, by name. A name that is no plain file name is refused, and so
    is a matching folder or link: left out, it would be missing and nobody told.
    """
    taken = sorted((f for f in listed if fnmatchcase(f.name, pattern)), key=lambda f: f.name)
    for file in taken:
        if not _is_plain(file.name):
            raise SourceChanged(f"{file.name[:80]!a} is no plain file name: rename it there")
        if not file.regular:
            raise SourceChanged(f"{file.name} is no regular file: put the file itself there")
    return tuple(taken)


def matching_paths(listed: Iterable[Listed], pattern: str) -> tuple[Listed, ...]:
    """Like `matching`, for names with folders: each part of a name matches its part of the
    pattern, so that a `*` never reaches into a folder below.
    """
    wanted = pattern.split("/")

    def is_meant(name: str) -> bool:
        parts = name.split("/")
        return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))

    taken = sorted((f for f in listed if is_meant(f.name)), key=lambda f: f.name)
    for file in taken:
        parts = file.name.split("/")
        if not all(map(_is_plain, parts)) or {"", ".", ".."}.intersection(parts):
            raise SourceChanged(f"{file.name[:80]!a} is no plain file name: rename it there")
    return tuple(taken)


def _is_plain(name: str) -> bool:
    too_long = len(name.encode(errors="replace")) > _LONGEST_NAME_BYTES
    return not too_long and "/" not in name and "\\" not in name and name.isprintable()


def unmoved(before: tuple[Listed, ...], after: tuple[Listed, ...]) -> Witness:
    """The witness that two listings around a reading are; SourceChanged where they differ."""
    if before != after:
        names = sorted(file.name for file in set(before) ^ set(after))
        raise SourceChanged(f"{names[0]} changed while it was read: read again")
    return Witness(
        kind=WitnessKind.LISTING,
        declared=sum(file.bytes for file in before),
        unit="bytes",
        detail=f"{len(before)} files",
    )
