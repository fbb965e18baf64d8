"""A PostgreSQL of our own for each test module, with the reader's and the owner's way in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa

from connectors.secrets import Secret
from connectors.sql.connector import Sql
from estate import crm

CUSTOMERS = pa.schema(
    [
        ("customer_key", pa.int64()),
        ("name", pa.string()),
        ("account_balance", pa.decimal128(12, 2)),
        ("market_segment", pa.string()),
        ("updated_at", pa.timestamp("us", "UTC")),
    ]
)
ROWS = 25_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A running database."""

    environ: Mapping[str, str]
    dsn: str
    log: Path

    def execute(self, *statements: str) -> None:
        """Do something as its owner."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def scalar(self, query: str) -> Any:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            row = connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]

    @property
    def password(self) -> str:
        return self.environ["CRM_PASSWORD"]

    def sql(self, table: str = "customers", **changes: Any) -> Sql:
        """A connector as a pilot would build it, with one dataset `it`."""
        connector = Sql(
            url=self.environ["CRM_URL"],
            password=Secret("env:CRM_PASSWORD", self.password),
            tables={"it": table},
        )
        return replace(connector, **changes)

    def refused_logins(self) -> int:
        """How many log-ins the server refused, by its own log."""
        return self.log.read_text().count("password authentication failed")


@contextmanager
def database() -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="st-") as name:
        base = Path(name)
        base.chmod(0o711)
        server = crm.start(base)
        try:
            yield Database(environ=server.environ, dsn=server.admin["dsn"], log=base / "crm.log")
        finally:
            server.stop()


WIDEN = "update customers set name = repeat('x', 2000)"
"""Makes the rows more than all buffers between server and client hold: while the first are handed
over, the server is in the middle of sending.
"""
CREATE_CUSTOMERS = f"""
create table customers (
    customer_key int8 primary key, name text, account_balance numeric(12,2),
    market_segment text, updated_at timestamptz not null, not_promised text default 'private'
);
insert into customers
select n, 'Customer ' || n, n / 7.0, case when n % 10 > 0 then 'BUILDING' end,
       timestamptz '2026-11-20 00:00:00Z' + make_interval(secs => n)
from generate_series(1, {ROWS}) n
"""
