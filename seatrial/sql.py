"""Databases that SQLAlchemy speaks to."""

from __future__ import annotations

from connectors.retry import RetryPolicy
from connectors.sql.connector import Sql
from connectors.sql.timeouts import Timeouts

__all__ = ["RetryPolicy", "Sql", "Timeouts"]
