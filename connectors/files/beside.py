"""What lies beside the files of a dataset and speaks against them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from connectors.files.listing import Kind, Listed, is_meant

_LOGS = {"_delta_log": "a Delta table's log", ".hoodie": "a Hudi table's log"}
ICEBERG_FILES = "*.metadata.json"
_JOBS = "_temporary"
_DONE = "_SUCCESS"
_CONTROLS = ("ok", "done", "ready", "fin", "ctl", "ctrl", "trg", "eof")
_UNFINISHED = re.compile(
    r"(?P<named>.+)\.(filepart|part|partial|tmp|temp|crdownload|inprogress|uploading|_COPYING_)"
    r"|\.(?P<hidden>.+)\.[A-Za-z0-9]{6}",  # WinSCP, curl, browsers, Flink, hadoop; rsync
    re.DOTALL,
)


def log_of_a_table(listed: Iterable[Listed], files: Sequence[Listed]) -> str | None:
    """What to say of a table format's log over the files: it says which of them are the table."""
    for entry in listed:
        parts = entry.name.split("/")
        for at, part in enumerate(parts):
            if part in _LOGS and _is_above(parts[:at], files):
                return _told("/".join(parts[: at + 1]), _LOGS[part])
    return None


def log_of_iceberg(folder: str, inside: Iterable[Listed]) -> str | None:
    """The same of a folder `metadata`, by what is in it."""
    if any(fnmatchcase(posixpath.basename(one.name), ICEBERG_FILES) for one in inside):
        return _told(folder, "an Iceberg table's log")
    return None


def metadata_folder(listed: Iterable[Listed], files: Sequence[Listed]) -> str | None:
    """The first folder over the files that may be an Iceberg table's log."""
    for entry in listed:
        *above, name = entry.name.split("/")
        if name == "metadata" and entry.kind is Kind.FOLDER and _is_above(above, files):
            return entry.name
    return None


def tables_above(folder: str) -> Iterator[str]:
    """The folders above in which a log would lie, as a table's files lie in `data` and in
    `day=2026-11-20`.
    """
    while folder and (posixpath.basename(folder) == "data" or "=" in posixpath.basename(folder)):
        folder = posixpath.dirname(folder)
        yield folder


def doubts(listed: Sequence[Listed], files: Sequence[Listed], pattern: str) -> Iterator[str]:
    """Why the files may not be all that was meant, as clauses."""
    for entry in listed:
        parts = entry.name.split("/")
        if _JOBS in parts and _is_above(parts[: parts.index(_JOBS)], files):
            log = "/".join(parts[: parts.index(_JOBS) + 1])
            yield f"{_shown(log)} lies there, in which a job keeps what it has not finished"
            break
    for entry in listed:
        if entry.kind is Kind.FILE and _is_unfinished(entry.name, pattern):
            yield f"{_shown(entry.name)} lies there, by its name the part of a file"
            break
    yield from _without_success(listed, files)


def proposal(listed: Sequence[Listed], files: Sequence[Listed]) -> str | None:
    """The control files that seem to lie beside the files, as a pilot would declare them."""
    names = {one.name for one in listed if one.kind is Kind.FILE}
    for file in files:
        for ending in _CONTROLS:
            for mark, base in (
                ("{name}", file.name),
                ("{stem}", posixpath.splitext(file.name)[0]),
            ):
                control = f"{base}.{ending}"
                if control in names and control != file.name:
                    return f'sealed=ControlFile("{mark}.{ending}")'
        if posixpath.join(posixpath.dirname(file.name), _DONE) in names:
            return f'sealed=ControlFile("{_DONE}")'
    return None


def _without_success(listed: Sequence[Listed], files: Sequence[Listed]) -> Iterator[str]:
    """The first folder that has no `_SUCCESS` although one before it does."""
    done = {posixpath.dirname(one.name) for one in listed if posixpath.basename(one.name) == _DONE}
    earlier = False
    for folder in sorted({posixpath.dirname(file.name) for file in files}):
        if folder in done:
            earlier = True
        elif earlier:
            named = _shown(folder) or "its folder"
            yield f"{named} has no {_DONE}, and folders before it have one"
            return


def _told(log: str, what: str) -> str:
    told = "the files alone are not the table: have it exported as files"
    return f"{_shown(log)} is {what}: {told}"


def _shown(name: str) -> str:
    return name[:80] if name.isprintable() and name.isascii() else ascii(name[:80])


def _is_unfinished(name: str, pattern: str) -> bool:
    folder, base = posixpath.split(name)
    found = _UNFINISHED.fullmatch(base)
    if found is None:
        return False
    whole = posixpath.join(folder, found["named"] or found["hidden"])
    return is_meant(whole, pattern) or is_meant(whole + posixpath.splitext(pattern)[1], pattern)


def _is_above(folder: Sequence[str], files: Sequence[Listed]) -> bool:
    above = "".join(f"{part}/" for part in folder)
    return any(file.name.startswith(above) for file in files)
