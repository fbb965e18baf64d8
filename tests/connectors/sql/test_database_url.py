"""Which URLs of a database are taken; what is wrong with the others is said without any of it."""

from __future__ import annotations

import re

import pytest

from connectors.sql.connector import Sql
from connectors.sql.libpq import default_mode
from connectors.sql.url import database_url

CANARY = "hunter2"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql+psycopg://u:hunter2@h/d", "take it out, and write password: env:NAME"),
        (
            "postgresql+psycopg://u@h/d?password=hunter2",
            "take it out, and write password: env:NAME",
        ),
        ("postgresql+psycopg://u:pa@ss:hunter2@h/d", "write it as"),
        ("postgresql+psycopg://u:pa@hunter2@h/d", "take it out, and write password: env:NAME"),
        ("postgresql+psycopg://u:x@h:hunter2/d", "write it as"),
        ("hunter2", "write it as"),
        ("", "write it as"),
        ("hunter2://u@h/d", "write it as"),
        ("mysql://u@hunter2/d", "database mysql is not read, only PostgreSQL and SQLite are"),
        ("mysql://u:hunter2@h/d", "database mysql is not read"),
        ("MSSQL+pyodbc:///?odbc_connect=hunter2", "database mssql is not read"),
        ("mongodb+srv://u:hunter2@h/d", "database mongodb is not read"),
        ("jdbc:oracle:thin:@hunter2:1521/d", "database oracle is not read"),
        ("jdbc:sqlserver://h;password=hunter2", "database sqlserver is not read"),
        (
            "jdbc:postgresql://h/hunter2",
            "this is no database URL: a URL of JDBC is for Java: write it as postgresql",
        ),
        (
            "postgres://u:hunter2@h/d",
            r"postgres:// is not how the URL of PostgreSQL begins: write",
        ),
        ("https://hunter2.example/d", "URL: seatrial.rest reads an API: write it as"),
        ("s3://hunter2/d", "this is no database URL: seatrial.files reads files: write it as"),
        ("/data/hunter2.sqlite", "write it as .* or sqlite:////path/to/file"),
        ("host=h password=hunter2", "this is no database URL: write it as"),
        ("Driver={ODBC};Server=h;Pwd=hunter2", "this is no database URL: write it as"),
        ("postgresql+psycopg2://u@hunter2/d", r"driver postgresql\+psycopg2 is not used: write"),
        ("sqlite+hunter2:///d", "this is no database URL: write it as"),
        ("postgresql+psycopg://u@h,hunter2/d", "many hosts: write it as"),
        ("sqlite:///hunter2?mode=rw", "takes no \\?parameters"),
        *(
            (f"postgresql+psycopg://u@h/d?{query}", "takes no \\?parameters but one each")
            for query in (
                "hostaddr=127.0.0.1&hunter2=x",
                "host=hunter2",
                "host=h:1&host=hunter2:2",
                "options=hunter2",
                "service=hunter2",
                "passfile=hunter2",
                "require_auth=password",
                "sslmode=require&sslmode=disable",
            )
        ),
        *(
            (
                f"postgresql+psycopg://u@hunter2/d?sslmode={mode}",
                "show what is sent to the network",
            )
            for mode in ("disable", "allow", "prefer", "require", "verify-ca", "hunter2")
        ),
    ],
)
def test_a_url_that_names_no_one_place_is_refused_in_one_line_without_it(
    url: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said) as caught:
        database_url(url)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    shown = str(caught.value)
    assert CANARY not in shown
    assert "\n" not in shown


@pytest.mark.parametrize(
    "scheme",
    [
        *(
            "mariadb+mariadbconnector",
            "mysql+pymysql",
            "mssql+pyodbc",
            "oracle+oracledb",
            "duckdb",
        ),
        *("snowflake", "redshift+psycopg2", "cockroachdb+psycopg", "clickhouse+native"),
        *("postgresql+asyncpg", "postgresql+pg8000", "postgresql+psycopg_async"),
        "sqlite+aiosqlite",
    ],
)
def test_a_database_or_driver_that_was_not_tried_is_refused_by_name(scheme: str) -> None:
    if scheme.startswith(("postgresql", "sqlite")):
        said = rf"the driver {re.escape(scheme)} is not used: write it as postgresql\+psycopg://"
    else:
        name = scheme.partition("+")[0]
        said = f"the database {name} is not read, .* delivered as Parquet or CSV files .* API .*"
    with pytest.raises(ValueError, match=said):
        Sql(url=f"{scheme}://u@h/d", password=None, tables={"it": "t"})


@pytest.mark.parametrize(
    "url",
    [
        *("postgresql://u@h/d", "postgresql+psycopg://u@h/d"),
        *("sqlite:////tmp/d", "sqlite+pysqlite:////tmp/d"),
    ],
)
def test_what_was_tried_is_taken(url: str) -> None:
    """The positive control of the refusals."""
    assert Sql(url=url, password=None, tables={"it": "t"}).url == url


@pytest.mark.parametrize(
    ("host", "mode"),
    [
        ("127.0.0.1", "prefer"),
        ("[::1]", "prefer"),
        ("localhost", "prefer"),
        ("db.example", "verify-full"),
        ("localhost.example", "verify-full"),
        ("192.0.2.1", "verify-full"),
    ],
)
def test_beyond_this_machine_the_server_proves_its_name(host: str, mode: str) -> None:
    url = database_url(f"postgresql+psycopg://u@{host}/d")
    assert default_mode({"host": str(url.host)}) == mode


@pytest.mark.parametrize(
    "query", ["sslmode=verify-full", "sslrootcert=/ca.pem", "sslrootcert=system"]
)
def test_a_url_may_say_how_the_server_proves_itself(query: str) -> None:
    name, value = query.split("=")
    assert database_url(f"postgresql+psycopg://u@h/d?{query}").query == {name: value}
