"""The URL of a database: the only place for address, user and the server's proof of identity.

Error messages never repeat a wrong URL, because the wrong part may be a password.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from connectors.sql import libpq

POSTGRESQL = "postgresql"
SQLITE = "sqlite"
_TRIED = (POSTGRESQL, f"{POSTGRESQL}+psycopg", SQLITE, f"{SQLITE}+pysqlite")
_WRITE_IT = "write it as postgresql+psycopg://user@host:port/database or sqlite:////path/to/file"
_ONLY = "and only PostgreSQL through psycopg and SQLite are read"
_DATABASES = (
    *("access", "bigquery", "clickhouse", "clickhousedb", "cockroachdb", "crate", "databricks"),
    *("db2", "doris", "druid", "duckdb", "exa", "exasol", "firebird", "hana", "hive", "ibm_db_sa"),
    *("impala", "informix", "mariadb", "monetdb", "mssql", "mysql", "netezza", "oceanbase"),
    *("oracle", "presto", "redshift", "risingwave", "singlestoredb", "snowflake", "spanner"),
    *("starrocks", "sybase", "teradatasql", "tidb", "trino", "vertica", "yugabytedb"),
)
_DRIVERS = (
    *("adbc", "aiosqlite", "apsw", "asyncpg", "libsql", "pg8000", "psycopg2", "psycopg2cffi"),
    *("psycopg_async", "pygresql", "pysqlcipher"),
)
"""Names that a refusal repeats."""


def database_url(text: str) -> URL:
    """The parsed URL. Raises ValueError for a URL that is malformed, ambiguous or insecure."""
    try:
        url = sa.make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError(f"the database URL is none: {_WRITE_IT}") from None
    if url.drivername not in _TRIED:
        raise ValueError(f"{_name(url)} was not tried here, {_ONLY}; {_WRITE_IT}")
    if url.password is not None or "password" in url.query:
        raise ValueError("the database URL holds a password: hand it over by reference")
    if url.get_backend_name() == POSTGRESQL:
        _check_postgresql(url)
    elif url.query:
        raise ValueError("the database URL takes no ?parameters: leave them out")
    return url


def _name(url: URL) -> str:
    """Whose URL it is. Only a word that we know is repeated: any other may be a secret."""
    backend, _, driver = url.drivername.partition("+")
    if backend in _DATABASES:
        return f"the database {backend}"
    known = backend in (POSTGRESQL, SQLITE) and driver in _DRIVERS
    return f"the driver {backend}+{driver}" if known else "the database or driver of the URL"


def _check_postgresql(url: URL) -> None:
    if "," in (url.host or ""):
        raise ValueError(f"the database URL names many hosts: {_WRITE_IT}")
    if set(url.query) - set(libpq.TLS) or not all(isinstance(v, str) for v in url.query.values()):
        raise ValueError(
            f"the database URL takes no ?parameters but one each of {', '.join(libpq.TLS)}: "
            "leave the others out"
        )
    given = {name: str(value) for name, value in url.query.items()}
    if wrong := libpq.problem({"host": url.host or "", **given}):
        raise ValueError(f"the database URL's {wrong}")
