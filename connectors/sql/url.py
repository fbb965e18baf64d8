"""The URL of a database: the only place for address, user and the server's proof of identity.

Error messages never repeat a wrong URL, because the wrong part may be a password.
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from connectors.sql import libpq

POSTGRESQL = "postgresql"
SQLITE = "sqlite"
_TRIED = (POSTGRESQL, f"{POSTGRESQL}+psycopg", SQLITE, f"{SQLITE}+pysqlite")
_WRITE_IT = "write it as postgresql+psycopg://user@host:port/database or sqlite:////path/to/file"
_INSTEAD = (
    "only PostgreSQL and SQLite are: have its tables delivered as Parquet or CSV files "
    "(seatrial.files) or through an API (seatrial.rest), or write a connector (docs/extending.md)"
)
_DATABASES = (
    *("access", "awsathena", "bigquery", "cassandra", "clickhouse", "clickhousedb"),
    *("cockroachdb", "couchbase", "couchdb", "crate", "databricks", "elasticsearch", "mongodb"),
    *(
        "neo4j",
        "opensearch",
        "redis",
        "sqlserver",
        "influxdb",
        "db2",
        "doris",
        "druid",
        "duckdb",
        "exa",
        "exasol",
        "firebird",
        "hana",
        "hive",
        "ibm_db_sa",
    ),
    *("impala", "informix", "mariadb", "monetdb", "mssql", "mysql", "netezza", "oceanbase"),
    *("oracle", "presto", "redshift", "risingwave", "singlestoredb", "snowflake", "spanner"),
    *("starrocks", "sybase", "teradatasql", "tidb", "trino", "vertica", "yugabytedb"),
)
_DRIVERS = (
    *("adbc", "aiosqlite", "apsw", "asyncpg", "libsql", "pg8000", "psycopg2", "psycopg2cffi"),
    *("psycopg_async", "pygresql", "pysqlcipher"),
)
"""Names that a refusal repeats."""
_BEGIN = re.compile(r"(?:(jdbc|odbc):)?([a-z0-9_+]{1,50}):")
_SPELLINGS = ("pg", "pgsql", "postgres", "psql")
_NO_DATABASES = {
    **dict.fromkeys(("http", "https"), "seatrial.rest reads an API"),
    **dict.fromkeys(("file", "ftp", "s3", "sftp"), "seatrial.files reads files"),
    "jdbc": "a URL of JDBC is for Java",
    "odbc": "a URL of ODBC is for its drivers",
}


def database_url(text: str) -> URL:
    """The parsed URL. Raises ValueError for a URL that is malformed, ambiguous or insecure."""
    if other := other_database(text):
        raise ValueError(f"the database {other} is not read, {_INSTEAD}")
    try:
        url = sa.make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError(f"{_no_url(text)}: {_WRITE_IT}") from None
    if url.drivername not in _TRIED:
        raise ValueError(f"{_no_url(text)}: {_WRITE_IT}")
    if url.password is not None or "password" in url.query:
        raise ValueError(
            "the database URL holds a password: take it out, and write password: env:NAME"
        )
    if url.get_backend_name() == POSTGRESQL:
        _check_postgresql(url)
    elif url.query:
        raise ValueError("the database URL takes no ?parameters: leave them out")
    return url


def other_database(text: str) -> str | None:
    """The name of a database that is not read, if it is one that we know: any other word of a URL
    may be a secret.
    """
    _, name = _begin(text)
    backend = name.partition("+")[0]
    return next((known for known in _DATABASES if known == backend), None)


def _no_url(text: str) -> str:
    """What is wrong with the begin of a URL. Only a word that we know is repeated."""
    language, name = _begin(text)
    backend, _, driver = name.partition("+")
    if says := _NO_DATABASES.get(language or name):
        return f"this is no database URL: {says}"
    if backend in _SPELLINGS:
        return f"{backend}:// is not how the URL of PostgreSQL begins"
    if backend in (POSTGRESQL, SQLITE) and driver in _DRIVERS:
        return f"the driver {backend}+{driver} is not used"
    return "this is no database URL"


def _begin(text: str) -> tuple[str, str]:
    """For whom a URL is written and how it begins, in small letters, as `jdbc`, `oracle`."""
    found = _BEGIN.match(text.strip().lower())
    return (found[1] or "", found[2]) if found else ("", "")


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
