"""Rules that every source of files keeps: which names are taken, and that nothing moved."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from itertools import takewhile

from connectors.errors import SourceChanged
from connectors.events import Witness, WitnessKind

_LONGEST_NAME_BYTES = 255
_NO_NAMES = frozenset(("", ".", ".."))


class Kind(StrEnum):
    """What a name in a listing stands for."""

    FILE = "file"
    FOLDER = "folder"
    OTHER = "other"
    """A link, a device, a pipe: never opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One entry of a listing."""

    name: str
    bytes: int
    modified: float
    """Seconds since 1970, UTC."""
    kind: Kind = Kind.FILE


def split(glob: str) -> tuple[str, str]:
    """The leading folders without a wildcard, and the pattern below them; ValueError for a glob
    that names no file or climbs.
    """
    parts = glob.split("/")
    if not parts[-1] or not _NO_NAMES.isdisjoint(parts[1:]) or parts[0] in (".", ".."):
        raise ValueError(f"write folder/name_*.csv, not {glob!r}")
    fixed = list(takewhile(lambda part: not set("*?[").intersection(part), parts[:-1]))
    folder = "/".join(fixed) or "/" * len(fixed)  # a glob that begins with / is absolute
    return folder, "/".join(parts[len(fixed) :])


def walk(scan: Callable[[str], Iterable[Listed]], folder: str, pattern: str) -> Iterator[Listed]:
    """The entries that match and those beside them, where a store lists one folder at a time;
    named as from `folder`. Only folders whose names match their part of the pattern are entered,
    and no link is.
    """
    part, _, below = pattern.partition("/")
    for entry in scan(folder):
        if not fnmatchcase(entry.name, part):
            yield entry
            continue
        require_plain(entry.name)
        if not below:
            yield entry
        elif entry.kind is Kind.FOLDER:
            for found in walk(scan, posixpath.join(folder, entry.name), below):
                yield replace(found, name=f"{entry.name}/{found.name}")
        elif entry.kind is Kind.OTHER:
            raise SourceChanged(f"{entry.name} is no regular folder: put the folder itself there")


def matching(listed: Iterable[Listed], pattern: str) -> tuple[Listed, ...]:
    """The files whose names match, by name: each part of a name matches its part of the pattern,
    so that a `*` never reaches into a folder below. A name that is no plain file name is refused,
    and so is a matching folder or link: left out, it would be missing and nobody told.
    """
    taken = sorted((f for f in listed if is_meant(f.name, pattern)), key=lambda f: f.name)
    for file in taken:
        for part in file.name.split("/"):
            require_plain(part, file.name)
        if file.kind is not Kind.FILE:
            raise SourceChanged(f"{file.name} is no regular file: put the file itself there")
    return tuple(taken)


def is_meant(name: str, pattern: str) -> bool:
    """Whether each part of a name matches its part of the pattern."""
    parts, wanted = name.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatchcase, parts, wanted))


def require_plain(part: str, name: str | None = None) -> None:
    """SourceChanged for a part of a name that could be more than a name."""
    too_long = len(part.encode(errors="replace")) > _LONGEST_NAME_BYTES
    if part in _NO_NAMES or too_long or not part.isprintable() or {"/", "\\"}.intersection(part):
        shown = part if name is None else name
        raise SourceChanged(f"{shown[:80]!a} is no plain file name: rename it there")


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
