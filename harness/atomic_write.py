"""Replaces a file as a whole."""

from __future__ import annotations

import glob
import os
import secrets
from pathlib import Path

from harness import folders

OURS = 0o600
BY_UMASK = 0o644
"""For a file that a user names, or keeps with the pilot: as the umask says, for others to read."""


def replace(path: Path, text: str, *, mode: int = OURS) -> None:
    """Write `text` to `path` as UTF-8. A concurrent reader sees the old file or the new one.

    A link at `path` is replaced, and never followed. Raises OSError, which names `path`.
    """
    # UTF-8 cannot encode a lone surrogate; JSON would write the same escape.
    replace_bytes(path, text.encode("utf-8", "backslashreplace"), mode=mode)


def replace_bytes(path: Path, content: bytes, *, mode: int = OURS) -> None:
    """The same for bytes."""
    try:
        _replace(path, content, mode)
    except OSError as error:  # a failed write has no name
        raise OSError(error.errno, error.strerror, str(path)) from error


def _replace(path: Path, content: bytes, mode: int) -> None:
    partial = path.with_name(f".{path.name}.{secrets.token_hex(8)}.partial")
    descriptor = folders.make_file(partial, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def remove_partial(path: Path) -> None:
    """Remove what writers of `path` left when they were killed. Nobody may be writing it."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.{'[0-9a-f]' * 16}.partial"):
        left.unlink()
