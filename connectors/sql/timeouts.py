"""A PostgreSQL session that cannot write, with a time limit for each answer.

The server's own limits end slow statements. A server, relay or pooler that disappears silently
ends nothing, and its kernel may still acknowledge what we send.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa
from psycopg.abc import PQGen

_Answer = TypeVar("_Answer")

BRIEFLY = 5.0
"""Seconds for an answer that costs the server nothing, as whether the session is alive."""
_POLL_SECONDS = 0.1


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


class TimeLimitedConnection(psycopg.Connection[Any]):
    """Closes itself and raises OperationalError if an answer takes longer than `seconds`."""

    seconds: float | None = BRIEFLY
    """None for no limit."""

    def wait(
        self, gen: PQGen[_Answer], interval: float = _POLL_SECONDS, timeout: float | None = None
    ) -> _Answer:
        """As psycopg's, for `seconds` at most."""
        try:
            return super().wait(gen, interval, timeout or self.seconds)
        except psycopg.OperationalError as error:
            if error.sqlstate is None:  # no server answered, and we no longer wait for one
                self.close()
            raise


def install(engine: sa.Engine) -> None:
    """Give the engine read-only connections, whose time limit is brief between readings."""
    sa.event.listen(engine, "do_connect", _connect)
    sa.event.listen(engine, "checkin", _reset_limit)


def end(engine: sa.Engine) -> None:
    """End its sessions; one that a reading still uses ends when the reading returns it."""
    sa.event.listen(engine.pool, "checkin", lambda _, record: record.invalidate())
    engine.dispose()


def _connect(
    _dialect: sa.Dialect, _record: object, args: list[Any], settings: dict[str, Any]
) -> TimeLimitedConnection:
    connection = TimeLimitedConnection.connect(*args, **settings)
    connection.read_only = True
    return connection


def _reset_limit(connection: TimeLimitedConnection | None, _record: object) -> None:
    if connection is not None:
        connection.seconds = BRIEFLY
