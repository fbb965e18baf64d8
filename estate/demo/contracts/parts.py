"""Parts as the vendor's catalogue lists them."""

from __future__ import annotations

from datetime import timedelta

import pandera.polars as pa
import polars as pl

from seatrial import Contract, Promises

CONTRACT = Contract(
    name="parts",
    classified={"part_key": "public", "container": "internal"},
    promises=Promises(
        key=("part_key",),
        event_time="updated_at",
        lag=timedelta(hours=48),
        cadence=timedelta(days=1),
    ),
    schema=pa.DataFrameSchema(
        {
            "part_key": pa.Column(pl.Int64, pa.Check.gt(0), description="The part's number"),
            "name": pa.Column(
                pl.String, pa.Check.str_length(1, 55), description="Name in the catalogue"
            ),
            "manufacturer": pa.Column(
                pl.String,
                pa.Check.str_matches(r"^Manufacturer#[1-5]$"),
                description="Who makes it",
            ),
            "brand": pa.Column(
                pl.String,
                pa.Check.str_matches(r"^Brand#[1-5][1-5]$"),
                description="Brand, its first digit the manufacturer's",
            ),
            "type": pa.Column(
                pl.String, pa.Check.str_length(1, 25), description="Kind, finish and material"
            ),
            "size": pa.Column(
                pl.Int32, pa.Check.in_range(1, 50), description="Size class from 1 to 50"
            ),
            "container": pa.Column(
                pl.String, pa.Check.str_length(1, 10), description="Packing it is sold in"
            ),
            "retail_price": pa.Column(
                pl.Decimal(12, 2), pa.Check.gt(0), description="List price in US dollars"
            ),
            "updated_at": pa.Column(
                pl.Datetime("us", "UTC"), description="When the vendor last changed the entry"
            ),
        },
        strict=True,
        name="parts",
        description="One row per part",
    ),
)
