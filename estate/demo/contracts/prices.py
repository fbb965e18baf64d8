"""Prices and stock per supplier as the vendor quotes them."""

from __future__ import annotations

from datetime import timedelta

import pandera.polars as pa
import polars as pl

from seatrial import Contract, Promises

CONTRACT = Contract(
    name="prices",
    classified={
        "part_key": "public",
        "supplier_key": "public",
        "available_quantity": "internal",
    },
    promises=Promises(
        key=("part_key", "supplier_key"),
        event_time="priced_at",
        lag=timedelta(hours=48),
        cadence=timedelta(days=1),
    ),
    schema=pa.DataFrameSchema(
        {
            "part_key": pa.Column(pl.Int64, pa.Check.gt(0), description="The part's number"),
            "supplier_key": pa.Column(
                pl.Int64, pa.Check.gt(0), description="The supplier's number"
            ),
            "available_quantity": pa.Column(
                pl.Int32, pa.Check.in_range(0, 9_999), description="Pieces in stock"
            ),
            "supply_cost": pa.Column(
                pl.Decimal(12, 2), pa.Check.gt(0), description="Cost of one piece in US dollars"
            ),
            "priced_at": pa.Column(
                pl.Datetime("us", "UTC"), description="When the supplier quoted the price"
            ),
        },
        strict=True,
        name="prices",
        description="One row per part and supplier",
    ),
)
