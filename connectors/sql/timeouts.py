"""How long we wait for PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass

BRIEFLY = 5.0
"""Seconds for an answer that costs the server nothing, as whether the session is alive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long we wait for PostgreSQL, and how long it waits for us.

    >>> Timeouts(statement_seconds=900).lock_seconds
    10
    """

    connect_seconds: int = 5
    lock_seconds: float = 10
    statement_seconds: float = 300
    """Includes the time until its answer arrives; 0 for no limit."""
    idle_seconds: float = 300
