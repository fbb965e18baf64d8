"""The CRM: a PostgreSQL as a careful owner would hand it to a pilot."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from estate import postgresql
from estate.process import Server


def start(
    base: Path,
    *,
    packages: Path = postgresql.PACKAGES,
    settings: Mapping[str, str] = postgresql.SETTINGS,
) -> Server:
    """Serve an empty database `crm` below `base`."""
    return postgresql.start(base, "crm", packages=packages, settings=settings)
