"""A pilot of one small table of the practice CRM, as a user would lay it out."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from seatrial import Address, Contract, Pilot, Promises, Source
from seatrial.sql import Sql

CUSTOMERS = Contract(
    name="customers",
    promises=Promises(key=("customer_key",)),
    schema=pa.DataFrameSchema(
        {
            "customer_key": pa.Column(pl.Int64, description="Number"),
            "market_segment": pa.Column(pl.String, nullable=True, description="Industry"),
        },
        strict=True,
    ),
)


def crm(at: Address) -> Sql:
    return Sql(
        url=at.text("url"), password=at.secret("password"), tables={"customers": "customers"}
    )


PILOT = Pilot(name="crm-pilot", sources=(Source(name="crm", connect=crm, contracts=(CUSTOMERS,)),))
