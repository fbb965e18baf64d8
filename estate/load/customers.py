"""Customers into the CRM's PostgreSQL, by COPY."""

from __future__ import annotations

import psycopg
import pyarrow as pa

from estate.data import rows
from estate.demo.faults import Condition

_TABLE = """
    CREATE TABLE IF NOT EXISTS customers (
        customer_key bigint PRIMARY KEY,
        name text NOT NULL,
        address text NOT NULL,
        nation_key integer NOT NULL,
        phone text NOT NULL,
        account_balance numeric(12,2) NOT NULL,
        market_segment text,
        updated_at timestamptz NOT NULL
    )
"""


def load(dsn: str, customers: pa.Table, condition: Condition) -> None:
    """Fill the table anew, in one transaction: a reader sees the old rows or the new ones."""
    segment = customers.column_names.index("market_segment")
    names = ", ".join(customers.column_names)
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(_TABLE)
        cursor.execute("TRUNCATE customers")
        with cursor.copy(f"COPY customers ({names}) FROM STDIN") as copy:
            for row in rows(customers):
                if row[0] in condition.without_segment:
                    copy.write_row((*row[:segment], None, *row[segment + 1 :]))
                else:
                    copy.write_row(row)
        cursor.execute("REVOKE ALL ON customers FROM reader")
        granted = ", ".join(condition.reader_may)
        cursor.execute(f"GRANT {granted} ON customers TO reader".encode())
        cursor.execute("ANALYZE customers")
