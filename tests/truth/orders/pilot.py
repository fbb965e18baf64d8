"""A good pilot: one dataset as CSV and as JSON lines, and a contract that uses all there is.

`tests/truth/typos.py` misspells it, `tests/truth/mutations.py` changes its data.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pandera.polars as pa
import polars as pl

from seatrial import Address, Contract, Pilot, Promises, Source, Volume
from seatrial.files import Csv, Files, FileSet, JsonLines, Local

IN_ORDER = pa.Check(
    lambda data: data.lazyframe.select(pl.col("received_on") >= pl.col("shipped_on")),
    name="in_order",
)
ORDERS = Contract(
    name="orders",
    promises=Promises(
        key=("order_key", "line"),
        event_time="ordered_at",
        lag=timedelta(hours=24),
        cadence=timedelta(days=1),
        zone="UTC",
        volume=Volume(minimum=1, maximum=100),
        missing={"segment": 0.15, "weight": 0.15},
        missing_jointly=0.25,
        missing_as=("N/A",),
    ),
    schema=pa.DataFrameSchema(
        {
            "order_key": pa.Column(pl.Int64, pa.Check.ge(1), description="Number"),
            "line": pa.Column(pl.Int8, pa.Check.in_range(1, 7), description="Line"),
            "mode": pa.Column(pl.String, pa.Check.isin(["AIR", "RAIL"]), description="How"),
            "price": pa.Column(
                pl.Decimal(12, 2), pa.Check.lt(Decimal("100.5")), description="In euros"
            ),
            "weight": pa.Column(
                pl.Float64, pa.Check.gt(0.5), nullable=True, description="In kilograms"
            ),
            "discount": pa.Column(
                pl.Float64, pa.Check.in_range(0.0, 0.25), description="As a share"
            ),
            "segment": pa.Column(
                pl.String,
                [pa.Check.str_matches("[A-Z]+$"), pa.Check.str_length(2, 9)],
                nullable=True,
                description="Industry",
            ),
            "invoice": pa.Column(
                pl.String, pa.Check.str_startswith("R-"), unique=True, description="Its number"
            ),
            "is_paid": pa.Column(pl.Boolean, description="Whether it is"),
            "ordered_at": pa.Column(
                pl.Datetime("us", "UTC"),
                pa.Check.ge(datetime(2026, 11, 1, tzinfo=UTC)),
                description="When",
            ),
            "shipped_on": pa.Column(
                pl.Date, pa.Check.ge(date(2026, 11, 1)), description="The day it left"
            ),
            "received_on": pa.Column(pl.Date, description="The day it came"),
        },
        checks=IN_ORDER,
        strict=True,
    ),
)


def drop(at: Address) -> Files:
    """Text, as somebody else's program wrote it."""
    files = FileSet("orders_*.csv", Csv(trailer="T,{rows}"))
    return Files(store=Local(Path(at.text("folder"))), datasets={"orders": files})


def feed(at: Address) -> Files:
    """Values with types of their own."""
    files = FileSet("orders_*.jsonl", JsonLines())
    return Files(store=Local(Path(at.text("folder"))), datasets={"orders": files})


PILOT = Pilot(
    name="orders",
    sources=(
        Source(name="drop", connect=drop, contracts=(ORDERS,)),
        Source(name="feed", connect=feed, contracts=(ORDERS,)),
    ),
)
