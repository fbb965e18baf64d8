"""Parts and prices into the vendor's SQLite file, and a quota that fits their size."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from math import ceil
from pathlib import Path

import pyarrow as pa

from estate.data import rows

PAGE_ROWS = 400
WINDOW_SECONDS = 10

_TABLES = """
    CREATE TABLE parts (
        part_key integer PRIMARY KEY,
        name text NOT NULL,
        manufacturer text NOT NULL,
        brand text NOT NULL,
        type text NOT NULL,
        size integer NOT NULL,
        container text NOT NULL,
        retail_price text NOT NULL,
        updated_at text NOT NULL
    );
    CREATE TABLE prices (
        part_key integer NOT NULL,
        supplier_key integer NOT NULL,
        available_quantity integer NOT NULL,
        supply_cost text NOT NULL,
        priced_at text NOT NULL,
        PRIMARY KEY (part_key, supplier_key)
    );
"""


def write(path: Path, *, parts: pa.Table, prices: pa.Table) -> None:
    """Write a database of the two tables."""
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _TABLES)
        for name, table in (("parts", parts), ("prices", prices)):
            marks = ", ".join("?" * table.num_columns)
            database.executemany(f"INSERT INTO {name} VALUES ({marks})", rows(table))


def pages(*, parts: int, prices: int) -> int:
    """Requests for data that reading both tables takes."""
    return ceil(parts / PAGE_ROWS) + ceil(prices / PAGE_ROWS)


def quota(pages: int) -> int:
    """Requests per window, so that both tables and two refusals just fit into three windows.

    A token of 20 seconds, two windows, then expires between two pages of the prices, even when
    it was taken after the parts: a correct client gives a request back one window after its
    answer, so what the first window asked after taking the token is asked again in the third
    when the token is older than that.
    """
    return ceil((pages + 2) / 3)
