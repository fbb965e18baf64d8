"""Log-in through libpq, with our settings alone: none from the environment or from files."""

from __future__ import annotations

import os
from collections.abc import Mapping

from psycopg import pq
from sqlalchemy.engine import URL, Connection

from connectors.errors import AccessDenied
from connectors.sql.timeouts import BRIEFLY, TimeLimitedConnection
from connectors.sql.url import SSLMODE, default_mode

_SCRAM = "scram-sha-256,none"
"""RFC 7677: SCRAM never sends the password. `none` allows a server that requests no password."""
_NO_PASSWORD = "none"  # noqa: S105 - a log-in method; it also ignores ~/.pgpass

KEEPALIVE: Mapping[str, int] = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""Keeps an idle connection open and notices within a minute that the peer is gone (in seconds,
seconds, a count and milliseconds).
"""


def connect_arguments(url: URL, connect_seconds: int) -> Mapping[str, str | int | None]:
    """Our settings beside the URL. Raises AccessDenied if the environment would add to them."""
    settings: dict[str, str | int | None] = {
        SSLMODE: str(url.query.get(SSLMODE, default_mode(url))),
        "require_auth": _SCRAM if url.password else _NO_PASSWORD,
        "connect_timeout": connect_seconds,
        "application_name": "seatrial",
        "client_encoding": "utf8",
        # A pooler between us and the server may hand the next transaction to another session.
        "prepare_threshold": None,
        **KEEPALIVE,
    }
    by_url = url.translate_connect_args(username="user", database="dbname")
    _refuse_environment({*by_url, *url.query, *settings})
    return settings


def used_password(connection: Connection) -> bool:
    """Whether the server requested the password and accepted it."""
    driver = connection.connection.driver_connection
    return driver is not None and bool(driver.pgconn.used_password)


def limit_wait(connection: Connection, statement_seconds: float) -> None:
    """Wait for an answer as long as a statement may take, and briefly longer for the server's own
    time-out error. 0 seconds means no limit.
    """
    driver = connection.connection.driver_connection
    assert isinstance(driver, TimeLimitedConnection)
    driver.seconds = statement_seconds + BRIEFLY if statement_seconds else None


def _refuse_environment(settings: set[str]) -> None:
    """Libpq reads a variable for each setting that is not given; PGSERVICE or PGHOSTADDR would
    change the server.
    """
    variables = {
        option.envvar.decode()
        for option in pq.Conninfo.get_defaults()
        if option.envvar and option.keyword.decode() not in settings
    }
    if names := sorted(name for name in variables if os.environ.get(name)):
        raise AccessDenied(
            f"the environment sets {', '.join(names)}, which would change the log-in: unset it"
        )
