"""Orders of the web shop."""

from __future__ import annotations

from datetime import timedelta

import pandera.polars as pa
import polars as pl

from seatrial import Contract, Promises

CONTRACT = Contract(
    name="orders",
    promises=Promises(
        key=("order_key",),
        event_time="ordered_at",
        lag=timedelta(hours=24),
        cadence=timedelta(days=1),
        missing={"voucher": 0.10},
    ),
    schema=pa.DataFrameSchema(
        {
            "order_key": pa.Column(pl.Int64, pa.Check.gt(0), description="The order's number"),
            "total": pa.Column(pl.Float64, pa.Check.ge(0), description="To pay, in euros"),
            "voucher": pa.Column(pl.String, nullable=True, description="Code at the till"),
            "ordered_at": pa.Column(
                pl.Datetime("us", "UTC"), description="When the customer ordered"
            ),
        },
        strict=True,
        name="orders",
        description="One row per order",
    ),
)
