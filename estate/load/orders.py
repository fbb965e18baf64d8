"""Orders into the ERP's PostgreSQL, in the shapes of its old table."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import polars as pl
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql
from pyarrow import csv

from estate.demo.faults import Condition

MERGED_FROM = 900_000_000
"""The ERP numbers merged customers from here on; the CRM's numbers end far below."""
_TYPES: Mapping[str, str] = {
    "auftragsnr": "char(10)",
    "kundennr": "char(10)",
    "status": "char(1)",
    "gesamtbetrag_cent": "bigint",
    "angelegt_am": "timestamp",
    "prioritaet": "varchar(15)",
    "sachbearbeiter": "varchar(20)",
    "versandhinweis": "varchar(40)",
}


def load(dsn: str, orders: pa.Table, condition: Condition) -> None:
    """Make the table anew, in one transaction: a reader sees the old one or the new one."""
    types = {**_TYPES, **condition.narrowed}
    columns = sql.SQL(", ").join(
        sql.SQL("{} {} NOT NULL").format(
            sql.Identifier(condition.renamed.get(name, name)), sql.SQL(kind)
        )
        for name, kind in types.items()
    )
    text = io.BytesIO()
    csv.write_csv(_to_erp(orders, condition), text, csv.WriteOptions(include_header=False))
    with psycopg.connect(dsn) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS auftraege")
        cursor.execute(
            sql.SQL("CREATE TABLE auftraege ({}, PRIMARY KEY (auftragsnr))").format(columns)
        )
        with cursor.copy("COPY auftraege FROM STDIN (FORMAT csv)") as copy:
            copy.write(text.getvalue())
        cursor.execute("ANALYZE auftraege")


def _to_erp(orders: pa.Table, condition: Condition) -> pa.Table:
    merged = pa.array(sorted(condition.merged), pa.int64())
    customer = orders["customer_key"]
    customer = pc.if_else(
        pc.is_in(customer, value_set=merged), pc.add(customer, MERGED_FROM), customer
    )
    placed = pl.Series(orders["ordered_at"]).dt.convert_time_zone("Europe/Berlin")
    local = placed.dt.replace_time_zone(None).dt.cast_time_unit("ms").to_arrow()
    return pa.table(
        {
            "auftragsnr": _ten_digits(orders["order_key"]),
            "kundennr": _ten_digits(customer),
            "status": orders["status"],
            "gesamtbetrag_cent": orders["total_cents"],
            "angelegt_am": local.cast(pa.timestamp("s")),
            "prioritaet": orders["priority"],
            "sachbearbeiter": orders["clerk"],
            "versandhinweis": orders["shipping_note"],
        }
    ).select(list(_TYPES))


def _ten_digits(keys: pa.ChunkedArray[Any]) -> pa.ChunkedArray[Any]:
    return pc.utf8_lpad(keys.cast(pa.string()), 10, "0")
