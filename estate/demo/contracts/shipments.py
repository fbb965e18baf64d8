"""Shipments as the carrier drops them, one CSV file a night."""

from __future__ import annotations

from datetime import timedelta

import pandera.polars as pa
import polars as pl

from seatrial import Contract, Promises

MODES = ["AIR", "FOB", "MAIL", "RAIL", "REG AIR", "SHIP", "TRUCK"]


CONTRACT = Contract(
    name="shipments",
    classified={
        "order_key": "public",
        "line_number": "public",
        "ship_mode": "public",
        "shipped_at": "internal",
        "committed_on": "internal",
        "received_on": "internal",
    },
    promises=Promises(
        key=("order_key", "line_number"),
        event_time="shipped_at",
        lag=timedelta(hours=24),
        cadence=timedelta(days=1),
    ),
    schema=pa.DataFrameSchema(
        {
            "order_key": pa.Column(pl.Int64, pa.Check.gt(0), description="The order's number"),
            "line_number": pa.Column(
                pl.Int32, pa.Check.in_range(1, 7), description="Line within the order, from 1"
            ),
            "ship_mode": pa.Column(
                pl.String, pa.Check.isin(MODES), description="How the goods travel"
            ),
            "quantity": pa.Column(
                pl.Decimal(12, 2), pa.Check.in_range(1, 50), description="Pieces shipped"
            ),
            "shipped_at": pa.Column(
                pl.Datetime("us", "UTC"), description="When the goods left the warehouse"
            ),
            "committed_on": pa.Column(pl.Date, description="Day promised to the customer"),
            "received_on": pa.Column(pl.Date, description="Day the customer received the goods"),
        },
        strict=True,
        name="shipments",
        description="One row per order line shipped",
    ),
)
