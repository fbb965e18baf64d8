"""A ledger in a PostgreSQL database, in the one schema that its URL selects.

The session with the advisory lock is the session that writes. When it ends, the server rolls back
its open transaction and then releases the lock. The session is never reconnected, so no writer can
outlive its lock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

import psycopg
import sqlalchemy as sa
from psycopg.conninfo import make_conninfo

from connectors.secrets import Secret
from connectors.sql.libpq import KEEPALIVE
from connectors.sql.sqlstate import UNKNOWN, sqlstate
from harness.errors import ConfigurationError
from harness.ledger.tables import ANY_ENTRY, create_tables

_CONNECTION: Mapping[str, str | int] = {
    "application_name": "seatrial ledger",
    "client_encoding": "utf8",
    "connect_timeout": 5,
    **KEEPALIVE,  # during a slow reading this session is idle
}
_SESSION = {
    "synchronous_commit": "on",
    "idle_session_timeout": "0",
    "lock_timeout": "30s",
    # If our machine dies, the server must notice; otherwise it would keep our lock for hours.
    "tcp_keepalives_idle": "60",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
_LOCK = (
    "SET LOCAL lock_timeout = '2s'",  # the server may not yet know who is gone
    "SELECT pg_advisory_lock(hashtextextended('seatrial %s in ' || current_schema(), 0))",
)
_GRANTS = {
    "runs": "SELECT, INSERT, UPDATE",
    "entries": "SELECT, INSERT",
    "cursors": "SELECT, INSERT, DELETE",
}
"""The rights of a writer. A client who owns the tables need not grant UPDATE on entries."""
BUSY = "55P03"
_TO_DO = {
    BUSY: "another run is writing it: wait until it ends, or name another ledger",
    "25006": "the server takes no changes: name the primary, not a standby",
    "28000": "this user may not log in from here: check the server's access rules",
    "28P01": "the password was refused: correct it where the reference leads",
    "3D000": "the database does not exist: create it, or correct the URL",
    "42P01": "no ledger is there: prove first, or name another",
    "42501": "permission denied: grant this user CONNECT, and CREATE on the schema or its tables",
    "53300": "the server has no free connection: run again later",
    "57P03": "the server is not ready yet: run again later",
}


@contextmanager
def writer(url: Secret) -> Iterator[sa.Engine]:
    """An engine that writes to the ledger at `url`, the only one. Creates missing tables.

    Raises ConfigurationError if another run writes it, or if it cannot be written.
    """
    engine = one_session(url)
    try:
        try:
            with engine.begin() as connection:
                lock(connection, "ledger", url.reference)
                create_tables(connection, url.reference)
                _check_grants(connection, url.reference)
        except sa.exc.DBAPIError as error:
            raise ConfigurationError(f"ledger {url.reference}: {remedy(error)}") from error
        yield engine
    finally:
        engine.dispose()


@contextmanager
def reader(url: Secret) -> Iterator[sa.Engine]:
    """An engine that reads the ledger at `url`, without a lock. It creates nothing.

    Raises ConfigurationError if there is no ledger.
    """
    engine = one_session(url)
    try:
        try:
            with engine.begin() as connection:
                connection.exec_driver_sql("SET default_transaction_read_only = on")
                _pin_schema(connection, "ledger", url.reference)
                connection.execute(ANY_ENTRY)
        except sa.exc.DBAPIError as error:
            raise ConfigurationError(f"ledger {url.reference}: {remedy(error)}") from error
        yield engine
    finally:
        engine.dispose()


def conninfo(url: Secret) -> str:
    """The URL as libpq accepts it, with or without the name of our driver."""
    return url.reveal().replace("postgresql+psycopg://", "postgresql://", 1)


def one_session(url: Secret) -> sa.Engine:
    """An engine with one connection, which is never reconnected."""

    @cache
    def session() -> psycopg.Connection:
        return psycopg.connect(make_conninfo(conninfo(url), **_CONNECTION))

    return sa.create_engine(
        "postgresql+psycopg://",
        creator=session,
        poolclass=sa.StaticPool,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
    )


def lock(connection: sa.Connection, what: str, name: str) -> None:
    """Lock `what` in the schema that the URL selects, until the session ends."""
    settings = sa.table("pg_settings", sa.column("name"))
    for setting, value in _SESSION.items():
        connection.execute(  # which settings exist depends on the server's version
            sa.select(sa.func.set_config(settings.c.name, value, False))
            .select_from(settings)
            .where(settings.c.name == setting)
        )
    # Another user may reach these tables by another search_path, and would take another lock.
    _pin_schema(connection, what, name)
    for statement in _LOCK:
        connection.exec_driver_sql(statement.replace("%s", what))


def _pin_schema(connection: sa.Connection, what: str, name: str) -> None:
    schema = connection.scalar(sa.select(sa.func.current_schema()))
    if schema is None:
        raise ConfigurationError(
            f"{what} {name}: its search_path has no schema that this user may use: "
            "create one, or GRANT USAGE"
        )
    connection.execute(
        sa.select(sa.func.set_config("search_path", sa.func.quote_ident(schema), False))
    )


def _check_grants(connection: sa.Connection, name: str) -> None:
    lacking = [
        f"{rights} ON {table}"
        for table, rights in _GRANTS.items()
        if not connection.scalar(
            sa.select(
                sa.and_(*(sa.func.has_table_privilege(table, r) for r in rights.split(", ")))
            )
        )
    ]
    if lacking:
        raise ConfigurationError(f"ledger {name}: GRANT {'; GRANT '.join(lacking)} to its user")


def remedy(error: sa.exc.DBAPIError) -> str:
    """What to do, without the server's own words, which may quote the URL."""
    code = sqlstate(error)
    if isinstance(error, sa.exc.ProgrammingError) and not getattr(error.orig, "sqlstate", None):
        return "it leads to no URL of PostgreSQL: write postgresql://user:password@host/database"
    if code == UNKNOWN:
        return "no answer: check host and port, and that the server is up"
    return _TO_DO.get(code, f"the server answered {code}: look it up in PostgreSQL's manual")
