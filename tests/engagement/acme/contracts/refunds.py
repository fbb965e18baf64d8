"""Refunds that the web shop paid."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from seatrial import Contract, Promises

CONTRACT = Contract(
    name="refunds",
    promises=Promises(key=("order_key",)),
    schema=pa.DataFrameSchema(
        {
            "order_key": pa.Column(pl.Int64, pa.Check.gt(0), description="The order's number"),
            "amount": pa.Column(pl.Float64, pa.Check.gt(0), description="Paid back, in euros"),
        },
        strict=True,
        name="refunds",
        description="One row per refund",
    ),
)
