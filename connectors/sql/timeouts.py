"""A session with PostgreSQL that waits for an answer only so long.

The server's own limits end what is slow. A server, relay or pooler that is lost without a word
ends nothing, and its kernel may go on acknowledging what it is sent.
"""

from __future__ import annotations

from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa
from psycopg.abc import PQGen

_Answer = TypeVar("_Answer")

BRIEFLY = 5.0
"""Seconds for an answer that costs the server nothing: that the session is still there."""
_LOOKING_UP = 0.1


class TimeLimitedConnection(psycopg.Connection[Any]):
    """Closed, with an OperationalError, when an answer takes longer than `seconds`."""

    seconds: float | None = BRIEFLY
    """None to wait without end."""

    def wait(
        self, gen: PQGen[_Answer], interval: float = _LOOKING_UP, timeout: float | None = None
    ) -> _Answer:
        """As psycopg does, for `seconds` at most."""
        try:
            return super().wait(gen, interval, timeout or self.seconds)
        except psycopg.OperationalError as error:
            if error.sqlstate is None:  # no server spoke, and none is awaited any more
                self.close()
            raise


def use(engine: sa.Engine) -> None:
    """Let the engine's connections be patient ones, who wait but briefly while nobody reads."""
    sa.event.listen(engine, "do_connect", _connected)
    sa.event.listen(engine, "checkin", _put_back)


def end(engine: sa.Engine) -> None:
    """End its sessions; one that a reading still holds, when that lets it go."""
    sa.event.listen(engine.pool, "checkin", lambda _, record: record.invalidate())
    engine.dispose()


def _connected(
    _dialect: sa.Dialect, _record: object, args: list[Any], settings: dict[str, Any]
) -> TimeLimitedConnection:
    return TimeLimitedConnection.connect(*args, **settings)


def _put_back(connection: TimeLimitedConnection | None, _record: object) -> None:
    if connection is not None:
        connection.seconds = BRIEFLY
