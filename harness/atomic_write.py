"""Replaces a file as a whole."""

from __future__ import annotations

import os
from pathlib import Path


def replace(path: Path, text: str) -> None:
    """Write `text` to `path` as UTF-8. A concurrent reader sees the old file or the new one.

    Raises OSError.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        with partial.open("wb") as file:
            # UTF-8 cannot encode a lone surrogate; JSON would write the same escape.
            file.write(text.encode("utf-8", "backslashreplace"))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
