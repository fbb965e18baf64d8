"""Dagster's own storage in PostgreSQL: its settings, and a lock so that one process serves it.

Two schedulers on one storage would start every night twice, and one queued run in two processes.
So the process that becomes Dagster holds the storage's lock. It inherits the open session, and the
server releases the lock when that process ends, however it ends.
"""

from __future__ import annotations

import os
from contextlib import ExitStack

import sqlalchemy as sa
from psycopg.conninfo import conninfo_to_dict

from connectors.secrets import Secret
from connectors.sql.sqlstate import sqlstate
from harness.errors import ConfigurationError
from harness.ledger.postgresql import BUSY, conninfo, lock, one_session, remedy
from harness.ledger.tables import ENTRIES

VARIABLE = "SEATRIAL_STORAGE_URL"
"""Gives Dagster the URL, which must be in no file and on no command line."""
SETTINGS = f"""\
storage:
  postgres:
    postgres_url: {{env: {VARIABLE}}}
"""
"""The part of `dagster.yaml` about storage."""
_MADE_BY_DAGSTER = "alembic_version"


def url(place: Secret) -> str:
    """The URL for Dagster: with the driver whose errors Dagster handles."""
    parts = {name: str(value) for name, value in conninfo_to_dict(conninfo(place)).items()}
    return sa.URL.create(
        "postgresql+psycopg2",
        username=parts.pop("user", None),
        password=parts.pop("password", None),
        database=parts.pop("dbname", None),
        query=parts,
    ).render_as_string(hide_password=False)


def lock_storage(place: Secret) -> sa.Engine:
    """Lock the storage for this process and for the program it becomes. Keep the engine: it is the
    lock.

    Raises ConfigurationError if another process serves it, or if it cannot be used.
    """
    engine = one_session(place)
    with ExitStack() as on_failure:
        on_failure.callback(engine.dispose)
        try:
            with engine.begin() as connection:
                lock(connection, "storage", place.reference)
                _check(connection, place.reference)
                raw = connection.connection.dbapi_connection
                assert raw is not None
                os.set_inheritable(raw.fileno(), True)
        except sa.exc.DBAPIError as error:
            busy = "another seatrial ui serves it: open that one, or end it first"
            reason = busy if sqlstate(error) == BUSY else remedy(error)
            raise ConfigurationError(f"storage {place.reference}: {reason}") from error
        on_failure.pop_all()
    return engine


def _check(connection: sa.Connection, name: str) -> None:
    """Dagster reports these in a traceback, and only after it has created tables
    beside a ledger.
    """
    tables = sa.inspect(connection).get_table_names()
    if ENTRIES.name in tables:
        raise ConfigurationError(
            f"storage {name}: a ledger is there, whose table runs Dagster would take for its own: "
            "name another database or schema"
        )
    schema = sa.func.current_schema()
    if _MADE_BY_DAGSTER not in tables and not connection.scalar(
        sa.select(sa.func.has_schema_privilege(schema, "CREATE"))
    ):
        raise ConfigurationError(f"storage {name}: GRANT CREATE ON its schema to its user")
