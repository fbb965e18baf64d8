"""Databases that SQLAlchemy speaks to."""

from __future__ import annotations

from connectors.sql.connector import Sql
from connectors.sql.timeouts import Timeouts

__all__ = ["Sql", "Timeouts"]
