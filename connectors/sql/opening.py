"""Opens a reading on PostgreSQL: limits, then the table's lock, then the snapshot.

A snapshot that is older than its lock can show a table that was truncated and filled again as
empty (PostgreSQL manual, 13.6). Neither SET LOCAL nor LOCK TABLE takes the snapshot; every SELECT
does.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from connectors.errors import SourceUnavailable
from connectors.events import Emit
from connectors.sql import names
from connectors.sql.catalog import quote
from connectors.sql.sqlstate import statement_failure
from connectors.sql.statement import timed_statement, tracked_statement

_NOTATION = {
    "timezone": "UTC",
    "datestyle": "ISO",
    "intervalstyle": "postgres",
    "extra_float_digits": "3",  # with fewer the server rounds what it writes
    "bytea_output": "hex",
}


def set_limits(connection: Connection, seconds: Mapping[str, float], emit: Emit) -> None:
    """Set where names are found, time limits and plain notation, for this transaction only, so
    that a pooler's session keeps none of it.
    """
    settings = {name: f"{value * 1000:.0f}" for name, value in seconds.items()} | _NOTATION
    first = f"SET LOCAL search_path = {names.OWN_OBJECTS}"
    rest = (f"SET LOCAL {name} = '{value}'" for name, value in settings.items())
    with tracked_statement("SET LOCAL …", emit):
        connection.exec_driver_sql("; ".join([first, *rest]))


def lock_table(connection: Connection, name: str, emit: Emit) -> bool:
    """Lock the table, its parts, and what a view reads, against being emptied or replaced. False
    where that is refused: to a role with rights on columns alone, and for a materialised view.
    Raises SourceUnavailable if another session's lock is not released in time.
    """
    lock = f"LOCK TABLE {quote(name)} IN ACCESS SHARE MODE"
    try:
        with timed_statement(lock, emit):
            connection.exec_driver_sql(f"SAVEPOINT unlocked; {lock}".replace("%", "%%"))
    except DBAPIError as error:
        failure = statement_failure(lock, error)
        if isinstance(failure, SourceUnavailable):
            raise failure from error
        with tracked_statement("ROLLBACK TO SAVEPOINT unlocked", emit):
            connection.exec_driver_sql("ROLLBACK TO SAVEPOINT unlocked")
        return False
    return True
