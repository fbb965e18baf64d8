"""Dagster's own storage in PostgreSQL: what Dagster is told of it, and that it is served once.

Two schedulers on one storage would start every night twice, and one queued run in two processes.
So the process that becomes Dagster holds the storage's lock: its open session is handed over
with it, and the server lets go of the lock when that process is gone, however it ended.
"""

from __future__ import annotations

import os
from contextlib import ExitStack

import sqlalchemy as sa
from psycopg.conninfo import conninfo_to_dict

from connectors.secrets import Secret
from connectors.sql.sqlstate import sqlstate
from harness.errors import ConfigurationError
from harness.ledger.postgresql import BUSY, conninfo, hold, one_session, said
from harness.ledger.tables import ENTRIES

VARIABLE = "SEATRIAL_STORAGE_URL"
"""Leads Dagster to its storage: the URL stands in no file and on no command line."""
SETTINGS = f"""\
storage:
  postgres:
    postgres_url: {{env: {VARIABLE}}}
"""
"""What `dagster.yaml` says of it."""
_MADE_BY_DAGSTER = "alembic_version"


def url(place: Secret) -> str:
    """The URL as Dagster needs it: for the driver whose errors it knows, in libpq's own words."""
    given = {name: str(value) for name, value in conninfo_to_dict(conninfo(place)).items()}
    return sa.URL.create(
        "postgresql+psycopg2",
        username=given.pop("user", None),
        password=given.pop("password", None),
        database=given.pop("dbname", None),
        query=given,
    ).render_as_string(hide_password=False)


def taken(place: Secret) -> sa.Engine:
    """Take the storage's lock, for this process and what it becomes; keep the engine till then.

    Raises ConfigurationError where it is served already, cannot be used or holds something else.
    """
    engine = one_session(place)
    with ExitStack() as unless_taken:
        unless_taken.callback(engine.dispose)
        try:
            with engine.begin() as connection:
                hold(connection, "storage", place.reference)
                _check(connection, place.reference)
                raw = connection.connection.dbapi_connection
                assert raw is not None
                os.set_inheritable(raw.fileno(), True)
        except sa.exc.DBAPIError as error:
            busy = "another seatrial ui serves it: open that one, or end it first"
            told = busy if sqlstate(error) == BUSY else said(error)
            raise ConfigurationError(f"storage {place.reference}: {told}") from error
        unless_taken.pop_all()
    return engine


def _check(connection: sa.Connection, name: str) -> None:
    """Dagster would tell these in a traceback, and only after it made tables beside a ledger."""
    there = sa.inspect(connection).get_table_names()
    if ENTRIES.name in there:
        raise ConfigurationError(
            f"storage {name}: a ledger is there, whose table runs Dagster would take for its own: "
            "name another database or schema"
        )
    schema = sa.func.current_schema()
    if _MADE_BY_DAGSTER not in there and not connection.scalar(
        sa.select(sa.func.has_schema_privilege(schema, "CREATE"))
    ):
        raise ConfigurationError(f"storage {name}: GRANT CREATE ON its schema to its user")
