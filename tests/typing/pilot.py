"""A pilot that type checkers must accept: every kind of source, every promise.

`tests/door/test_types.py` has mypy and basedpyright check it, and its mistakes in `mistakes.py`.
"""

from __future__ import annotations

from datetime import date, timedelta
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
from seatrial.connector import Connector
from seatrial.files import (
    S3,
    Bounds,
    ControlFile,
    Csv,
    Files,
    FileSet,
    Gzip,
    JsonLines,
    Local,
    Parquet,
    Sftp,
    Zip,
)
from seatrial.rest import (
    ROOT,
    SIGNS,
    ApiKey,
    Auth,
    Basic,
    Bearer,
    ClientCredentials,
    Endpoint,
    Header,
    NoAuth,
    Proxy,
    RateLimiter,
    Rest,
    by_key,
    cursor,
    immutable_key,
    link_header,
    next_url,
    offset,
    one_snapshot,
    optional,
    page_number,
    read_twice,
    single,
)
from seatrial.sql import Sql, Timeouts

ORDERS = Contract(
    name="orders",
    promises=Promises(
        key=("order_key",),
        event_time="ordered_at",
        event_zone="Europe/Berlin",
        lag=timedelta(hours=24),
        cadence="0 6 * * 1-5",
        excluded=(date(2026, 12, 25),),
        named="orders_%Y%m%d%H%M%S.csv",
        volume=Volume(minimum=1, maximum=10_000),
        missing={"amount": 0.01},
        missing_jointly=0.01,
        missing_as=("N/A", "-"),
        control_characters=("comment",),
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
    """An API behind a proxy, with every page style."""
    return Rest(
        base_url=at.text("url"),
        auth=ClientCredentials(
            token_path="/token", client_id=at.text("id"), client_secret=at.secret("secret")
        ),
        endpoints={
            "orders": Endpoint(path="/o", pages=link_header(), rows="data.items"),
            "parts": Endpoint(path="/p", pages=next_url("next"), rows=ROOT, total=None),
            "prices": Endpoint(path="/q", pages=cursor("after", at=optional("next")), rows="q"),
            "stock": Endpoint(path="/s", pages=offset("skip"), rows="s", total=Header("X-Total")),
            "sites": Endpoint(path="/t", pages=page_number(last="meta.last"), rows=("d", "t.x")),
            "zones": Endpoint(path="/z", pages=single(), rows="z", search={"active": True}),
            "lots": Endpoint(
                path="/l",
                pages=by_key("after", "lot"),
                rows="l",
                total="n",
                unmoved=immutable_key("lot"),
                signs=SIGNS.without("errors"),
                max_age=timedelta(minutes=1),
            ),
            "bins": Endpoint(
                path="/b", pages=offset(), rows="b", total="n", unmoved=read_twice("shelf", "bin")
            ),
            "aisles": Endpoint(
                path="/a",
                pages=offset(),
                rows="a",
                total="n",
                unmoved=one_snapshot(Header("X-Rev")),
            ),
        },
        budget=RateLimiter(requests=5, seconds=10),
        proxy=Proxy(url="https://proxy.example:3128"),
    )


def hook(at: Address) -> Rest:
    """Every other log-in."""
    kinds: dict[str, Auth] = {
        "key": ApiKey(key=at.secret("key"), header="X-Key"),
        "basic": Basic(user="reader", password=at.secret("password")),
        "bearer": Bearer(token=at.secret("token")),
        "none": NoAuth(),
    }
    budget = RateLimiter(requests=5, seconds=10)
    return Rest(
        base_url=at.text("url"), auth=kinds[at.text("log_in")], endpoints={}, budget=budget
    )


def drop(at: Address) -> Connector:
    """Whoever builds one of several kinds says that it is a connector."""
    if at.text("kind") == "database":
        return erp(at)
    store = Sftp(
        host=at.text("host"),
        user=at.text("user"),
        host_key=at.text("host_key"),
        key_file=Path(at.text("key_file")),
    )
    return Files(
        store=store,
        datasets={
            "orders": FileSet("orders_*.csv", Csv(delimiter=";", decimal=",")),
            "lines": FileSet("lines/day=*/*.parquet", Parquet()),
        },
    )


def bucket(at: Address) -> Files:
    """The same formats in another store."""
    store = S3(
        endpoint=at.text("endpoint"),
        region="eu",
        bucket="billing",
        access_key=at.secret("access_key"),
        secret_key=at.secret("secret_key"),
    )
    return Files(store=store, datasets={"orders": FileSet("orders_*.csv", Csv())})


def share(at: Address) -> Files:
    """A folder of packed files."""
    orders = FileSet("orders_*.zip", JsonLines(optional=("note",)), Zip("*.jsonl"))
    whole = ControlFile("{stem}.ok", "{rows};{sha256}", settle=timedelta(hours=1))
    returns = FileSet("returns_*.csv.gz", Csv(), Gzip(Bounds(ratio=50)), sealed=whole)
    datasets = {"orders": orders, "returns": returns}
    return Files(store=Local(Path(at.text("folder"))), datasets=datasets)


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
        Source(name="hook", connect=hook, contracts=(ORDERS,)),
        Source(name="drop", connect=drop, contracts=(ORDERS,)),
        Source(name="share", connect=share, contracts=(ORDERS,)),
        Source(name="bucket", connect=bucket, contracts=(ORDERS,)),
    ),
)
assert_type(PILOT.contract("erp", "orders"), Contract)
