"""Which code judged: the release, and a digest of the sources that ran."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path


@cache
def text() -> str:
    """`0.1.0+` and the first 12 hex digits of SHA-256 over names and bytes of our modules."""
    root = Path(__file__).resolve().parents[2]
    whole = hashlib.sha256()
    for package in ("connectors", "contracts", "harness"):
        for path in sorted((root / package).rglob("*.py")):
            whole.update(f"{path.relative_to(root)}\n{path.stat().st_size}\n".encode())
            whole.update(path.read_bytes())
    return f"{version('seatrial')}+{whole.hexdigest()[:12]}"
