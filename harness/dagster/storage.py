"""Dagster's own storage in PostgreSQL: its settings, and a lock so that one process serves it.

Two schedulers on one storage would start every night twice, and one queued run in two processes.
So `seatrial ui` holds the storage's lock as long as it lives. The server releases the lock when
that process ends, however it ends, and the kernel then ends Dagster's (`processes.py`).

Dagster writes its names without a schema. So its sessions search one schema alone, in which nobody
else may create or own anything: another role's operators and tables would run as ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

import sqlalchemy as sa

from connectors.errors import AccessDenied
from connectors.secrets import Secret
from connectors.sql import door
from connectors.sql.creators import creators, owners
from connectors.sql.sqlstate import sqlstate
from harness.errors import ConfigurationError
from harness.ledger.postgresql import lock, one_session
from harness.ledger.remedies import BUSY, remedy
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedStorage:
    """A storage that this process has alone. Keep it: its session is the lock."""

    session: sa.Engine = field(repr=False)
    url: str = field(repr=False)
    """For Dagster."""

    def environ(self, base: Mapping[str, str]) -> dict[str, str]:
        """The environment of a Dagster on this storage. What libpq would add to the URL is left
        out.
        """
        return {**door.without_variables(base), VARIABLE: self.url}


def url(place: Secret, schema: str) -> str:
    """The URL for Dagster: with the driver whose errors Dagster handles, for one schema."""
    quoted = '"' + schema.replace('"', '""') + '"'
    escaped = "".join(f"\\{c}" if c in "\\ \t\n\r\f\v" else c for c in quoted)
    try:
        return door.url_for_dagster(place.reveal(), options=f"-csearch_path={escaped},pg_temp")
    except (ValueError, AccessDenied) as error:
        raise ConfigurationError(f"storage {place.reference}: {error}") from error


def lock_storage(place: Secret) -> LockedStorage:
    """Lock the storage for this process.

    Raises ConfigurationError if another process serves it, or if it cannot be used.
    """
    engine = one_session("storage", place)
    with ExitStack() as on_failure:
        on_failure.callback(engine.dispose)
        try:
            with engine.begin() as connection:
                schema = lock(connection, "storage", place.reference)
                _check(connection, schema, place.reference)
        except sa.exc.DBAPIError as error:
            busy = "another seatrial ui serves it: open that one, or end it first"
            reason = busy if sqlstate(error) == BUSY else remedy(error)
            raise ConfigurationError(f"storage {place.reference}: {reason}") from error
        locked = LockedStorage(session=engine, url=url(place, schema))
        on_failure.pop_all()
    return locked


def _check(connection: sa.Connection, schema: str, name: str) -> None:
    """Dagster reports these in a traceback, and only after it has created tables
    beside a ledger; or never.
    """
    tables = sa.inspect(connection).get_table_names(schema)
    if ENTRIES.name in tables:
        raise ConfigurationError(
            f"storage {name}: a ledger is there, whose table runs Dagster would take for its own: "
            "name another database or schema"
        )
    if others := creators(connection, [schema])[schema]:
        raise ConfigurationError(
            f"storage {name}: {', '.join(others)} may create objects in its schema {schema}, "
            "which would run with its user's rights: REVOKE CREATE, or name a schema of its own "
            "by ?options=-csearch_path=NAME"
        )
    if others := owners(connection, schema):
        raise ConfigurationError(
            f"storage {name}: {', '.join(others)} owns objects in its schema {schema}, which "
            "could run with its user's rights: name a schema of its own by "
            "?options=-csearch_path=NAME"
        )
    if _MADE_BY_DAGSTER not in tables and not connection.scalar(
        sa.select(sa.func.has_schema_privilege(schema, "CREATE"))
    ):
        raise ConfigurationError(f"storage {name}: GRANT CREATE ON its schema to its user")
