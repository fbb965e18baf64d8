"""More rows of the demo's shape than the demo has, so that a figure per million is stable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import psycopg

from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats.csv import Csv
from connectors.sql.connector import Sql

_FILES = 4
_HEADER = "order_key,line_number,ship_mode,quantity,shipped_at,committed_on,received_on\n"
_MODES = ("AIR", "FOB", "MAIL", "RAIL", "REG AIR", "SHIP", "TRUCK")


def customers(admin: Mapping[str, str], source: Sql, rows: int) -> Sql:
    """Fill a table beside the CRM's with `rows` of its columns; gives the source that reads it."""
    with psycopg.connect(admin["dsn"]) as connection:
        connection.execute("create table many_customers (like customers)")
        connection.execute(
            """
            insert into many_customers
            select n, 'Customer#' || lpad(n::text, 9, '0'), md5(n::text), mod(n, 25),
                   '12-345-678-' || lpad(mod(n, 10000)::text, 4, '0'),
                   (mod(n, 1100000) - 99999) / 100.0,
                   case when mod(n, 14) > 0 then 'MACHINERY' end, now() - n * interval '1 second'
            from generate_series(1, %s) as n
            """,
            [rows],
        )
        connection.execute("grant select on many_customers to reader")
    return replace(source, tables={"customers": "many_customers"})


def shipments(admin: Mapping[str, str], source: Files, rows: int) -> Files:
    """Drop files with `rows` in all beside the demo's; gives the source that reads them."""
    folder = Path(admin["root"], "many")
    folder.mkdir()
    newest = date.today() - timedelta(days=1)  # noqa: DTZ011 - any recent day will do
    for file in range(_FILES):
        day = newest - timedelta(days=file)
        lines = (_shipment(n, day) for n in range(file, rows, _FILES))
        (folder / f"shipments_{day:%Y%m%d}.csv").write_text(_HEADER + "".join(lines))
    return replace(source, datasets={"shipments": FileSet("many/shipments_*.csv", Csv())})


def _shipment(n: int, day: date) -> str:
    second = n % (23 * 3600)
    at = f"{day}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"
    due, received = day + timedelta(days=n % 60), day + timedelta(days=n % 30 + 1)
    mode = _MODES[n % len(_MODES)]
    return f"{n // 7 + 1},{n % 7 + 1},{mode},{n % 50 + 1}.00,{at},{due},{received}\n"
