"""A contract with every promise set and checks of each kind: what the golden digests are of."""

from __future__ import annotations

import functools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pandera.polars as pa
import polars as pl

from contracts.promises import Amount, Contract, Promises, Reconciliation, Thresholds, Volume

LEAST = Decimal("0.50")
LOCAL = datetime.fromisoformat("2020-01-01T00:00:00")
NEVER = datetime.fromisoformat("9999-12-31T00:00:00+00:00")


def dear(data: pa.PolarsData) -> pl.LazyFrame:
    return data.lazyframe.select(pl.col(data.key) > float(LEAST))


def above(least: int) -> Any:
    def check(data: pa.PolarsData) -> pl.LazyFrame:
        return data.lazyframe.select(pl.col(data.key) > least)

    return check


def between(data: pa.PolarsData, low: int, *, high: int) -> pl.LazyFrame:
    return data.lazyframe.select(pl.col(data.key).is_between(low, high))


def dated(data: pa.PolarsData, *, ends: tuple[date, datetime] = (date.min, NEVER)) -> Any:
    return data.lazyframe.select(pl.col("day").is_between(*ends))


CONTRACT = Contract(
    name="orders",
    promises=Promises(
        key=("key", "line"),
        event_time="at",
        event_zone="Europe/Berlin",
        lag=timedelta(hours=24),
        cadence=timedelta(days=1),
        zone="Europe/Berlin",
        volume=Volume(minimum=2, maximum=2**60),
        missing={"segment": 0.02, "weight": 0.05},
        missing_jointly=0.06,
        reconciles=(
            Reconciliation(
                dataset="erp.invoices",
                ours="key",
                theirs="order",
                our_form="L([0-9]+)",
                their_form="0*([0-9]+)",
                amount=Amount(ours="price", theirs="cents", factor=Decimal("0.01")),
            ),
            Reconciliation(dataset="erp.customers", ours="line", theirs="line"),
        ),
        thresholds=Thresholds(confidence=0.99, on_time=0.9, arrivals=0.8, matched=0.95),
    ),
    schema=pa.DataFrameSchema(
        {
            "key": pa.Column(
                pl.Int64, [pa.Check.gt(0), pa.Check(above(7), name="above")], description="number"
            ),
            "line": pa.Column(
                pl.Int32,
                pa.Check(functools.partial(between, 1, high=9), name="between"),
                unique=True,
                description="line",
            ),
            "mode": pa.Column(pl.String, pa.Check.isin({"AIR", "RAIL"}), description="how"),
            "weight": pa.Column(
                pl.Float64, pa.Check.ge(0.5, ignore_na=False), nullable=True, description="in kg"
            ),
            "price": pa.Column(
                pl.Decimal(12, 2),
                [
                    pa.Check.in_range(Decimal("0.10"), 100, include_max=False),
                    pa.Check(dear, name="dear", element_wise=False),
                ],
                description="in dollars",
            ),
            "segment": pa.Column(
                pl.String, pa.Check.str_matches("^[A-Z]+$", name="upper"), description="größe"
            ),
            "day": pa.Column(
                pl.Date, pa.Check.le(date(2030, 1, 1)), nullable=True, description="day"
            ),
            "at": pa.Column(pl.Datetime("us"), pa.Check.ge(LOCAL), description="when"),
            "seen": pa.Column(
                pl.Datetime("us", "UTC"),
                pa.Check.ge(datetime(2020, 1, 1, tzinfo=UTC)),
                description="when seen",
            ),
            "paid": pa.Column(pl.Boolean, description="whether paid"),
        },
        checks=[pa.Check(dated, name="dated")],
        unique=["key", "day"],
        strict=True,
        name="orders",
        title="Orders",
        description="One row per line",
    ),
)
