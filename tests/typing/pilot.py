"""A pilot that type checkers must accept: every kind of source, every promise.

`tests/door/test_types.py` has mypy and basedpyright check it, and its mistakes in `mistakes.py`.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import assert_type

import pandera.polars as pa
import polars as pl

from seatrial import (
    Address,
    Amount,
    Contract,
    Pilot,
    Promises,
    Quota,
    Reconciliation,
    Secret,
    Source,
    SourcePromises,
    Volume,
)
from seatrial.files import S3, Csv, Files, FileSet, Gzip, JsonLines, Local, Parquet, Sftp, Zip
from seatrial.rest import ClientCredentials, Endpoint, Proxy, RateLimiter, Rest, link_header
from seatrial.sql import Sql, Timeouts

ORDERS = Contract(
    name="orders",
    promises=Promises(
        key=("order_key",),
        event_time="ordered_at",
        event_zone="Europe/Berlin",
        lag=timedelta(hours=24),
        cadence=timedelta(days=1),
        volume=Volume(minimum=1, maximum=10_000),
        missing={"amount": 0.01},
        missing_jointly=0.02,
        reconciles=(
            Reconciliation(
                dataset="shop.orders",
                ours="order_key",
                theirs="id",
                their_form="0*([0-9]+)",
                amount=Amount(ours="amount", theirs="cents", factor=Decimal("0.01")),
            ),
        ),
    ),
    schema=pa.DataFrameSchema({"order_key": pa.Column(pl.Int64, description="Number")}),
)


def erp(at: Address) -> Sql:
    """A database, with time-outs of its own."""
    secret = at.secret("password")
    assert_type(secret, Secret)
    assert_type(at.text("url"), str)
    return Sql(
        url=at.text("url"),
        password=secret,
        tables={"orders": "sales.orders"},
        timeouts=Timeouts(statement_seconds=60),
    )


def shop(at: Address) -> Rest:
    """An API behind a proxy."""
    return Rest(
        base_url=at.text("url"),
        auth=ClientCredentials(
            token_path="/token", client_id=at.text("id"), client_secret=at.secret("secret")
        ),
        endpoints={"orders": Endpoint(path="/o", pages=link_header(), rows="items", total=None)},
        budget=RateLimiter(requests=5, seconds=10),
        ca_file=None,
        proxy=Proxy(url="https://proxy.example:3128"),
    )


def drop(at: Address) -> Files:
    """Files of any form: in a drop, a bucket or a folder."""
    match at.text("kind"):
        case "sftp":
            return Files(
                store=Sftp(
                    host=at.text("host"),
                    user=at.text("user"),
                    password=at.secret("password"),
                    host_key=at.text("host_key"),
                ),
                datasets={"orders": FileSet("orders_*.csv.gz", Csv(delimiter=";"), Gzip())},
            )
        case "s3":
            bucket = S3(
                endpoint=at.text("endpoint"),
                region="eu",
                bucket="lake",
                access_key=at.secret("access_key"),
                secret_key=at.secret("secret_key"),
            )
            return Files(store=bucket, datasets={"orders": FileSet("day=*/*.parquet", Parquet())})
    orders = FileSet("orders_*.zip", JsonLines(optional=("note",)), Zip("*.jsonl"))
    return Files(store=Local(Path(at.text("folder"))), datasets={"orders": orders})


PILOT = Pilot(
    name="acme",
    sources=(
        Source(
            name="erp",
            connect=erp,
            contracts=(ORDERS,),
            promises=SourcePromises(quota=Quota(requests=10, seconds=60), renews=False),
            kinds=("postgres",),
        ),
        Source(name="shop", connect=shop, contracts=(ORDERS,)),
        Source(name="drop", connect=drop, contracts=(ORDERS,)),
    ),
)
assert_type(PILOT.contract("erp", "orders"), Contract)
