"""Databases that SQLAlchemy speaks to."""

from __future__ import annotations

from connectors.sql.connector import Sql, Timeouts

__all__ = ["Sql", "Timeouts"]
