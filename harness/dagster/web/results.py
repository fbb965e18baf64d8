"""Files of the results over HTTP, to look at: reports, verdicts and bundles, and nothing else.

    /seatrial/results/report.html      what the last run published
    /seatrial/results/NAME/…           a bundle: a folder of the results with a manifest

Ledger, logs, rows and Dagster's own files stand in the same folder, and have no address. A part of
a path is looked at before the next one: no link is followed, and no file of somebody else is read.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from harness.evidence.verify import manifest

PUBLISHED = ("report.html", "verdicts.json", "drift.html", "drift.json")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,150}")
"""A part of a path: none begins with a dot, so none is hidden and none leads up."""
_DEEPEST = 4
_SHOWN = {
    ".html": "text/html",
    **dict.fromkeys((".json", ".jsonl", ".csv", ".md", ".txt"), "text/plain"),
}
"""What a browser shows; anything else it saves."""
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'",
}
"""Of what is served here, beside those of all pages: no script runs, whatever a bundle holds, and
nothing is fetched.
"""


def find(out: Path, path: str) -> Path | None:
    """The file that a path names; None for whatever is not ours to show."""
    parts = path.split("/")
    if len(parts) > _DEEPEST or not all(map(_NAME.fullmatch, parts)):
        return None
    if len(parts) == 1:
        return out / path if path in PUBLISHED and _is(out / path, stat.S_IFREG) else None
    if not _is_bundle(out / parts[0]):
        return None
    folders = [out.joinpath(*parts[: depth + 1]) for depth in range(len(parts) - 1)]
    if not all(_is(folder, stat.S_IFDIR) for folder in folders):
        return None
    file = out.joinpath(*parts)
    return file if _is(file, stat.S_IFREG) else None


def bundles(out: Path) -> Iterator[str]:
    """The names of the bundles in the results, the newest first."""
    try:
        folders = [one for one in out.iterdir() if _NAME.fullmatch(one.name) and _is_bundle(one)]
    except FileNotFoundError:
        return
    for folder in sorted(folders, key=lambda one: (-one.lstat().st_mtime_ns, one.name)):
        yield folder.name


def shown_as(file: Path) -> str | None:
    """What a browser shows a file as; None where it is to save it."""
    return _SHOWN.get(file.suffix)


def _is_bundle(folder: Path) -> bool:
    return _is(folder, stat.S_IFDIR) and _is(folder / manifest.NAME, stat.S_IFREG)


def _is(path: Path, kind: int) -> bool:
    """Whether it is of this kind, no link, and of our own user."""
    try:
        found = path.lstat()
    except (OSError, ValueError):
        return False
    return stat.S_IFMT(found.st_mode) == kind and found.st_uid == os.geteuid()
