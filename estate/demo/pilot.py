"""The demo pilot: predict late deliveries from five systems that are not proven yet."""

from __future__ import annotations

from pathlib import Path

from estate.demo.contracts import customers, lines, orders, parts, prices, shipments
from estate.demo.model import LATE_DELIVERIES
from seatrial import Address, Pilot, Quota, Source, SourcePromises
from seatrial.files import S3, ControlFile, Csv, Files, FileSet, Parquet, Sftp
from seatrial.rest import (
    ClientCredentials,
    Endpoint,
    Introspection,
    RateLimiter,
    Rest,
    immutable_key,
    next_url,
)
from seatrial.sql import Sql


def crm(at: Address) -> Sql:
    """Customers, in PostgreSQL."""
    return Sql(
        url=at.text("url"),
        password=at.secret("password"),
        tables={"customers": "customers"},
        stranger_allowed=True,
    )


def erp(at: Address) -> Sql:
    """Orders, in an old table of another PostgreSQL."""
    return Sql(
        url=at.text("url"),
        password=at.secret("password"),
        tables={"orders": "auftraege"},
        stranger_allowed=True,
    )


def billing(at: Address) -> Files:
    """Order lines, one Parquet file a day in an S3 bucket."""
    store = S3(
        endpoint=at.text("endpoint"),
        region=at.text("region"),
        bucket=at.text("bucket"),
        access_key=at.secret("access_key"),
        secret_key=at.secret("secret_key"),
    )
    lines = FileSet("lines/day=*/*.parquet", Parquet(footer="rows_sent={rows}"))
    return Files(store=store, datasets={"lines": lines}, stranger_allowed=True)


def logistics(at: Address) -> Files:
    """Shipments, one CSV file a night in an SFTP drop, with a control file beside each."""
    store = Sftp(
        host=at.text("host"),
        port=int(at.text("port")),
        user=at.text("user"),
        key_file=Path(at.text("key_file")),
        host_key=at.text("host_key"),
    )
    whole = ControlFile("{name}.ok", "{rows};{sha256}")
    shipments = FileSet("shipments/shipments_*.csv", Csv(), sealed=whole)
    return Files(store=store, datasets={"shipments": shipments}, stranger_allowed=True)


def vendor(at: Address) -> Rest:
    """Parts and prices, from a REST API behind a gateway with a quota."""
    requests, _, seconds = at.text("quota").partition("/")
    return Rest(
        base_url=at.text("url"),
        auth=ClientCredentials(
            token_path="/oauth/token",
            client_id=at.text("client_id"),
            client_secret=at.secret("client_secret"),
            introspection=Introspection(path="/oauth/introspect", needs=("catalogue:read",)),
        ),
        endpoints={
            name: Endpoint(
                path=f"/vendor/{name}.json?_shape=objects&_size=400",
                pages=next_url("next_url"),
                rows="rows",
                total="filtered_table_rows_count",
                unmoved=immutable_key(*key),
            )
            for name, key in (("parts", ("part_key",)), ("prices", ("part_key", "supplier_key")))
        },
        budget=RateLimiter(requests=int(requests), seconds=float(seconds)),
        ca_file=Path(at.text("ca_file")),
        stranger_allowed=True,
    )


PILOT = Pilot(
    name="late-deliveries",
    models=(LATE_DELIVERIES,),
    sources=(
        Source(
            name="crm",
            connect=crm,
            contracts=(customers.CONTRACT,),
            promises=SourcePromises(quota=Quota(requests=10_000, seconds=86_400)),
            kinds=("postgres",),
        ),
        Source(
            name="erp",
            connect=erp,
            contracts=(orders.CONTRACT,),
            promises=SourcePromises(quota=Quota(requests=10_000, seconds=86_400)),
            kinds=("postgres",),
        ),
        Source(
            name="billing",
            connect=billing,
            contracts=(lines.CONTRACT,),
            promises=SourcePromises(quota=Quota(requests=10_000, seconds=86_400)),
            kinds=("s3", "parquet"),
        ),
        Source(
            name="logistics",
            connect=logistics,
            contracts=(shipments.CONTRACT,),
            promises=SourcePromises(quota=Quota(requests=1_000, seconds=86_400)),
            kinds=("csv",),
        ),
        Source(
            name="vendor",
            connect=vendor,
            contracts=(parts.CONTRACT, prices.CONTRACT),
            promises=SourcePromises(renews=True),  # it announces its quotas itself
            kinds=("json",),
        ),
    ),
)
