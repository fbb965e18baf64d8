"""Logging in through libpq: with what we say, and with nothing that it finds elsewhere."""

from __future__ import annotations

import os
from collections.abc import Mapping

from psycopg import pq
from sqlalchemy.engine import URL, Connection

from connectors.errors import AccessDenied
from connectors.sql.timeouts import BRIEFLY, TimeLimitedConnection
from connectors.sql.url import SSLMODE, default_mode

_SCRAM = "scram-sha-256,none"
"""RFC 7677 shows no server the password. `none`: one that asks for no password is seen to."""
_NO_PASSWORD = "none"  # noqa: S105 - a way of logging in; keeps ~/.pgpass out, too

SEEN_TO: Mapping[str, int] = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
"""Keeps the way to a silent peer open, and sees within a minute that it is gone (in seconds,
seconds, a count and milliseconds).
"""


def arguments(url: URL, connect_seconds: int) -> Mapping[str, str | int | None]:
    """What we say besides the URL. AccessDenied where the environment has a say as well."""
    said: dict[str, str | int | None] = {
        SSLMODE: str(url.query.get(SSLMODE, default_mode(url))),
        "require_auth": _SCRAM if url.password else _NO_PASSWORD,
        "connect_timeout": connect_seconds,
        "application_name": "seatrial",
        "client_encoding": "utf8",
        # A pooler between us and the server may hand the next transaction to another session.
        "prepare_threshold": None,
        **SEEN_TO,
    }
    by_url = url.translate_connect_args(username="user", database="dbname")
    _refuse_environment({*by_url, *url.query, *said})
    return said


def used_password(connection: Connection) -> bool:
    """Whether the server asked for the password and took it."""
    driver = connection.connection.driver_connection
    return driver is not None and bool(driver.pgconn.used_password)


def wait_for(connection: Connection, statement_seconds: float) -> None:
    """Give the server its time for a statement, and a little more to tell us it took longer."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, TimeLimitedConnection)
    driver.seconds = statement_seconds + BRIEFLY if statement_seconds else None


def _refuse_environment(said: set[str]) -> None:
    """A variable counts only for what nobody says, and PGSERVICE or PGHOSTADDR lead elsewhere."""
    variables = {
        option.envvar.decode()
        for option in pq.Conninfo.get_defaults()
        if option.envvar and option.keyword.decode() not in said
    }
    if found := sorted(name for name in variables if os.environ.get(name)):
        raise AccessDenied(
            f"the environment sets {', '.join(found)}, which would change the log-in: unset it"
        )
