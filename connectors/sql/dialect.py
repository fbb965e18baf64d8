"""PostgreSQL as SQLAlchemy knows it, with a log-in that sends no statement.

SQLAlchemy's own asks the server for its version, schema, isolation and extensions, in a
transaction without a time limit. What a reading needs of it, the server says by itself.
"""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import URL, Connection
from sqlalchemy.types import TypeEngine

SILENT = "seatrial"
"""Its name in an engine's URL, as the driver."""
_OF_MAJOR = 10_000
"""Since PostgreSQL 10, 180006 is 18.6."""

_OF_AN_EXTENSION = re.compile(r'^(\w+|"([^"]|"")+")\.(?=(citext|hstore)(\W|$))')
"""The schema of the two types outside pg_catalog that SQLAlchemy knows by name."""

registry.register(f"postgresql.{SILENT}", __name__, "SilentLogin")


class SilentLogin(PGDialect_psycopg):
    """Takes the server's version and its way with backslashes from the log-in's own answer."""

    supports_statement_cache = True

    def _reflect_type(
        self, format_type: str | None, *args: Any, **options: Any
    ) -> TypeEngine[Any]:
        """Know an extension's type in whatever schema it is: we search none."""
        bare = format_type and _OF_AN_EXTENSION.sub("", format_type)
        return super()._reflect_type(bare, *args, **options)

    def initialize(self, connection: Connection) -> None:
        """Ask nothing."""
        driver = connection.connection.driver_connection
        assert driver is not None
        self.server_version_info = divmod(driver.info.server_version, _OF_MAJOR)
        plain = driver.info.parameter_status("standard_conforming_strings")
        self._backslash_escapes = plain == "off"


def silent(url: URL) -> URL:
    """The URL, to be opened with this dialect."""
    return url.set(drivername=f"postgresql+{SILENT}")
