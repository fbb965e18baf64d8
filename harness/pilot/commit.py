"""The git commit of the checkout that a folder stands in. Git itself is not run: its configuration
could name programs.
"""

from __future__ import annotations

import re
from pathlib import Path

_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_REFERENCE = re.compile(r"ref: (refs/[A-Za-z0-9][A-Za-z0-9._/-]{0,200})")
_MOST_CHARACTERS = 1 << 20


def commit_of(folder: Path) -> str | None:
    """What `git rev-parse HEAD` says there; None where there is no checkout, or no commit yet."""
    for at in (folder, *folder.parents):
        if (at / ".git").exists():
            git = at / ".git" if (at / ".git").is_dir() else _linked(at / ".git")
            return None if git is None else _head(git)
    return None


def _head(git: Path) -> str | None:
    head = _read(git / "HEAD")
    reference = _REFERENCE.fullmatch(head)
    if reference is None or ".." in reference[1]:
        return _as_commit(head)
    common = git / (_read(git / "commondir") or ".")  # of a second worktree
    loose = _as_commit(_read(common / reference[1]))
    return loose or _packed(_read(common / "packed-refs"), reference[1])


def _packed(text: str, reference: str) -> str | None:
    for line in text.splitlines():
        commit, _, name = line.partition(" ")
        if name == reference:
            return _as_commit(commit)
    return None


def _linked(file: Path) -> Path | None:
    """The folder that a worktree's file `.git` names."""
    kind, _, path = _read(file).partition(": ")
    return file.parent / path if kind == "gitdir" else None


def _as_commit(text: str) -> str | None:
    return text if _COMMIT.fullmatch(text) else None


def _read(file: Path) -> str:
    try:
        with file.open() as opened:
            return opened.read(_MOST_CHARACTERS).strip()
    except (OSError, ValueError):
        return ""
