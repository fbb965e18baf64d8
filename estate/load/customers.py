"""Customers into the CRM's PostgreSQL, by COPY."""

from __future__ import annotations

import io

import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

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
    names = ", ".join(customers.column_names)
    text = io.BytesIO()
    csv.write_csv(_without(customers, condition), text, csv.WriteOptions(include_header=False))
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute(_TABLE)
        cursor.execute("TRUNCATE customers")
        with cursor.copy(f"COPY customers ({names}) FROM STDIN (FORMAT csv)") as copy:
            copy.write(text.getvalue())
        cursor.execute("REVOKE ALL ON customers FROM reader")
        granted = ", ".join(condition.reader_may)
        cursor.execute(f"GRANT {granted} ON customers TO reader".encode())
        cursor.execute("ANALYZE customers")


def _without(customers: pa.Table, condition: Condition) -> pa.Table:
    """The same customers, some of them without a segment."""
    place = customers.column_names.index("market_segment")
    without = pa.array(sorted(condition.without_segment), pa.int64())
    lacking = pc.is_in(customers["customer_key"], value_set=without)
    segment = pc.if_else(lacking, pa.scalar(None, pa.string()), customers["market_segment"])
    return customers.set_column(place, "market_segment", segment)
