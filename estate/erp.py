"""The ERP: a database without an API, in a PostgreSQL of its own, read by SQL alone."""

from __future__ import annotations

from pathlib import Path

from estate import postgresql
from estate.process import Server


def start(base: Path) -> Server:
    """Serve an empty database `erp` below `base`."""
    return postgresql.start(base, "erp")
