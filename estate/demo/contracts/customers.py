"""Customers, as the CRM has them."""

from __future__ import annotations

from datetime import timedelta

import pandera.polars as pa
import polars as pl

from seatrial import Contract, Promises

SEGMENTS = ["AUTOMOBILE", "BUILDING", "FURNITURE", "HOUSEHOLD", "MACHINERY"]

CONTRACT = Contract(
    name="customers",
    classified={"customer_key": "public", "market_segment": "public", "phone": "internal"},
    promises=Promises(
        key=("customer_key",),
        event_time="updated_at",
        lag=timedelta(hours=48),  # changed yesterday, read at any hour of today
        cadence=timedelta(days=1),
        missing={"market_segment": 0.02},  # the model predicts late deliveries from it
        missing_jointly=0.02,
    ),
    schema=pa.DataFrameSchema(
        {
            "customer_key": pa.Column(
                pl.Int64, pa.Check.gt(0), description="The customer's number in the CRM"
            ),
            "name": pa.Column(
                pl.String, pa.Check.str_length(1, 25), description="Name as on invoices"
            ),
            "address": pa.Column(
                pl.String, pa.Check.str_length(1, 40), description="Street and town"
            ),
            "nation_key": pa.Column(
                pl.Int32, pa.Check.in_range(0, 24), description="One of 25 nations, by number"
            ),
            "phone": pa.Column(
                pl.String,
                pa.Check.str_matches(r"^[0-9]{2}-[0-9]{3}-[0-9]{3}-[0-9]{4}$"),
                description="Telephone number with the country's code first",
            ),
            "account_balance": pa.Column(
                pl.Decimal(12, 2),
                pa.Check.in_range(-1_000, 10_000),
                description="Open balance in US dollars; below zero is owed to the customer",
            ),
            "market_segment": pa.Column(
                pl.String,
                pa.Check.isin(SEGMENTS),
                nullable=True,  # how many may be missing is a promise, not a rule of a row
                description="Industry the customer buys for",
            ),
            "updated_at": pa.Column(
                pl.Datetime("us", "UTC"), description="When the CRM last changed the row"
            ),
        },
        strict=True,
        name="customers",
        description="One row per customer",
    ),
)
