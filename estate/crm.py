"""The CRM alone: a PostgreSQL as a careful owner would hand it to a pilot."""

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
    """Make and serve an empty database `crm` below `base`."""
    (cluster,) = postgresql.make(base, "crm", packages=packages, settings=settings)
    return postgresql.serve(cluster)
