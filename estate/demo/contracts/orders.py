"""Orders, as the ERP's old table has them: German names, cents, local time, leading zeros."""

from __future__ import annotations

from datetime import timedelta

import pandera.polars as pa
import polars as pl

from seatrial import Contract, Promises, Reconciliation

PRIORITIES = ["1-URGENT", "2-HIGH", "3-MEDIUM", "4-NOT SPECIFIED", "5-LOW"]

CONTRACT = Contract(
    name="orders",
    classified={
        "auftragsnr": "public",
        "status": "public",
        "prioritaet": "public",
        "angelegt_am": "internal",
        "gesamtbetrag_cent": "internal",
    },
    promises=Promises(
        key=("auftragsnr",),
        event_time="angelegt_am",
        event_zone="Europe/Berlin",
        lag=timedelta(hours=48),  # placed yesterday, read at any hour of today
        cadence=timedelta(days=1),
        reconciles=(
            Reconciliation(
                dataset="crm.customers",
                ours="kundennr",
                theirs="customer_key",
                our_form="0*([0-9]+)",
                their_form="([0-9]+)",
            ),
        ),
    ),
    schema=pa.DataFrameSchema(
        {
            "auftragsnr": pa.Column(
                pl.String,
                pa.Check.str_matches(r"^[0-9]{10}$"),
                description="The order's number, ten digits with zeros in front",
            ),
            "kundennr": pa.Column(
                pl.String,
                pa.Check.str_matches(r"^[0-9]{10}$"),
                description="The customer's number, ten digits with zeros in front",
            ),
            "status": pa.Column(
                pl.String,
                pa.Check.isin(["O", "P", "F"]),
                description="O open, P partly shipped, F shipped",
            ),
            "gesamtbetrag_cent": pa.Column(
                pl.Int64,
                pa.Check.gt(0),
                description="The order's total in US cents, discounts and taxes included",
            ),
            "angelegt_am": pa.Column(
                pl.Datetime("us"), description="When it was placed, by the clock in Berlin"
            ),
            "prioritaet": pa.Column(
                pl.String, pa.Check.isin(PRIORITIES), description="How soon it should go out"
            ),
        },
        strict=True,
        name="orders",
        description="One row per order of the last 120 days",
    ),
)
