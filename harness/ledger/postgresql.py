"""A ledger in a PostgreSQL database, in the one schema that its URL selects.

The session with the advisory lock is the session that writes. When it ends, the server rolls back
its open transaction and then releases the lock. The session is never reconnected, so no writer can
outlive its lock. Its schema is looked up once, and every name is written with it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa

from connectors.errors import AccessDenied
from connectors.secrets import Secret
from connectors.sql import door, names
from harness.errors import ConfigurationError
from harness.ledger import rights
from harness.ledger.remedies import remedy
from harness.ledger.tables import ANY_ENTRY, create_tables, in_schema

_LOG = logging.getLogger("seatrial")
_SESSION = {
    "synchronous_commit": "on",
    "idle_session_timeout": "0",
    "lock_timeout": "30s",
    # If our machine dies, the server must notice; otherwise it would keep our lock for hours.
    "tcp_keepalives_idle": "60",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
}
_WAIT = "SET LOCAL lock_timeout = '2s'"
"""The server may not yet know who is gone."""
_LOCK = sa.text("SELECT pg_advisory_lock(hashtextextended(:locked, 0))")
_ONE_MOMENT = "SET default_transaction_isolation = 'repeatable read'"
"""What a run writes meanwhile is held against nothing older."""
_SCHEMA = "SELECT pg_catalog.current_schema()"
"""Our first statement: where it runs, another role's functions may have the same bare name."""


@contextmanager
def writer(url: Secret) -> Iterator[sa.Engine]:
    """An engine that writes to the ledger at `url`, the only one. Creates missing tables.

    Raises ConfigurationError if another run writes it, or if it cannot be written.
    """
    engine = one_session("ledger", url)
    try:
        with explained(url), engine.begin() as connection:
            schema = lock(connection, "ledger", url.reference)
            rights.check_owners(connection, schema, url.reference)
            rights.check_later_tables(connection, schema, url.reference)
            create_tables(connection, url.reference, schema=schema)
            rights.check_grants(connection, schema, url.reference)
            for told in rights.beyond_adding(connection, schema) or ():
                _LOG.warning("ledger %s: %s", url.reference, told)
        yield engine.execution_options(**in_schema(schema))
    finally:
        engine.dispose()


@contextmanager
def reader(url: Secret) -> Iterator[sa.Engine]:
    """An engine that reads the ledger at `url`, without a lock. It creates nothing.

    Raises ConfigurationError if there is no ledger.
    """
    engine = one_session("ledger", url)
    try:
        with explained(url), engine.begin() as connection:
            schema = pin_schema(connection, "ledger", url.reference)
            connection.exec_driver_sql("SET default_transaction_read_only = on")
            connection.exec_driver_sql(_ONE_MOMENT)
            connection.execute(ANY_ENTRY, execution_options=in_schema(schema))
        yield engine.execution_options(**in_schema(schema))
    finally:
        engine.dispose()


def examine(url: Secret) -> Sequence[str] | None:
    """What the user of a ledger may do beyond adding to it, and what to change; None where no
    ledger is yet. Raises ConfigurationError if the database cannot be used.
    """
    engine = one_session("ledger", url)
    try:
        with explained(url), engine.begin() as connection:
            schema = pin_schema(connection, "ledger", url.reference)
            return rights.beyond_adding(connection, schema)
    finally:
        engine.dispose()


def one_session(what: str, url: Secret) -> sa.Engine:
    """An engine with one connection, which is never reconnected. Raises ConfigurationError for
    a URL that may not be used.
    """
    try:
        return door.writing_engine(url.reveal(), application=f"seatrial {what}")
    except (ValueError, AccessDenied) as error:
        raise ConfigurationError(f"{what} {url.reference}: {error}") from error


def lock(connection: sa.Connection, what: str, name: str) -> str:
    """Lock `what` in the schema that the URL selects, until the session ends; returns the schema.

    Another user may reach its tables by another search_path, so the lock is the schema's.
    """
    schema = pin_schema(connection, what, name)
    keep_session(connection)
    connection.exec_driver_sql(_WAIT)
    connection.execute(_LOCK, {"locked": f"seatrial {what} in {schema}"})
    return schema


def keep_session(connection: sa.Connection) -> None:
    """Let the session wait for us, but not for ever for a machine that is gone."""
    settings = sa.table("pg_settings", sa.column("name"))
    for setting, value in _SESSION.items():
        connection.execute(  # which settings exist depends on the server's version
            sa.select(sa.func.set_config(settings.c.name, value, False))
            .select_from(settings)
            .where(settings.c.name == setting)
        )


def pin_schema(connection: sa.Connection, what: str, name: str) -> str:
    """The schema that the URL selects. From here on the session finds only PostgreSQL's own
    objects by a bare name. Raises ConfigurationError if there is no such schema.
    """
    schema: str | None = connection.exec_driver_sql(_SCHEMA).scalar()
    if schema is None:
        raise ConfigurationError(
            f"{what} {name}: its search_path has no schema that this user may use: "
            "create one, or GRANT USAGE"
        )
    connection.exec_driver_sql(f"SET search_path = {names.OWN_OBJECTS}")
    return schema


@contextmanager
def explained(url: Secret) -> Iterator[None]:
    """Raises ConfigurationError for what the database refuses."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise ConfigurationError(f"ledger {url.reference}: {remedy(error)}") from error
