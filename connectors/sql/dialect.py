"""PostgreSQL as SQLAlchemy knows it, with a log-in that sends no statement.

SQLAlchemy's own asks the server for its version, schema, isolation and extensions, in a
transaction without a time limit. What a reading needs of it, the server says by itself.
"""

from __future__ import annotations

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import URL, Connection

_NAME = "seatrial"
_OF_MAJOR = 10_000
"""Since PostgreSQL 10, 180006 is 18.6."""

registry.register(f"postgresql.{_NAME}", __name__, "SilentLogin")


class SilentLogin(PGDialect_psycopg):
    """Takes the server's version and its way with backslashes from the log-in's own answer."""

    supports_statement_cache = True

    def initialize(self, connection: Connection) -> None:
        """Ask nothing."""
        driver = connection.connection.driver_connection
        assert driver is not None
        self.server_version_info = divmod(driver.info.server_version, _OF_MAJOR)
        plain = driver.info.parameter_status("standard_conforming_strings")
        self._backslash_escapes = plain == "off"


def silent(url: URL) -> URL:
    """The URL, to be opened with this dialect."""
    return url.set(drivername=f"postgresql+{_NAME}")
