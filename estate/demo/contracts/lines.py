"""Order lines as billing exports them, one Parquet file for each day of orders."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pandera.polars as pa
import polars as pl

from seatrial import Amount, Contract, Promises, Reconciliation

CONTRACT = Contract(
    name="lines",
    classified={"order_ref": "public", "line_number": "public", "discount": "internal"},
    promises=Promises(
        key=("order_ref", "line_number"),
        event_time="billed_at",
        lag=timedelta(hours=24),
        cadence=timedelta(days=1),
        reconciles=(
            Reconciliation(
                dataset="erp.orders",
                ours="order_ref",
                theirs="auftragsnr",
                our_form="L([0-9]+)",
                their_form="0*([0-9]+)",
                amount=Amount(ours="charged", theirs="gesamtbetrag_cent", factor=Decimal("0.01")),
            ),
        ),
    ),
    schema=pa.DataFrameSchema(
        {
            "order_ref": pa.Column(
                pl.String,
                pa.Check.str_matches(r"^L[0-9]+$"),
                description="The order's number after an L",
            ),
            "line_number": pa.Column(
                pl.Int32, pa.Check.in_range(1, 7), description="Line within the order, from 1"
            ),
            "quantity": pa.Column(
                pl.Decimal(12, 2), pa.Check.in_range(1, 50), description="Pieces ordered"
            ),
            "extended_price": pa.Column(
                pl.Decimal(12, 2),
                pa.Check.gt(0),
                description="List price of all pieces in US dollars",
            ),
            "discount": pa.Column(
                pl.Decimal(4, 2),
                pa.Check.in_range(Decimal(0), Decimal("0.10")),
                description="Share of the price that is let off",
            ),
            "tax": pa.Column(
                pl.Decimal(4, 2),
                pa.Check.in_range(Decimal(0), Decimal("0.08")),
                description="Share of the discounted price that is added",
            ),
            "charged": pa.Column(
                pl.Decimal(12, 2),
                pa.Check.gt(0),
                description="US dollars billed for the line, discount and tax included",
            ),
            "billed_at": pa.Column(
                pl.Datetime("us", "UTC"), description="When the order was billed"
            ),
        },
        strict=True,
        name="lines",
        description="One row per line of the orders placed on the last 84 days",
    ),
)
