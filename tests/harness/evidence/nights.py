"""A ledger of two nights and a look for drift, of a pilot with something of everything, by real
runs in this process; and what somebody might change in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from harness.clock import Clock
from harness.ledger.chain import Entry, link
from harness.ledger.ledger import entries
from harness.pilot import loading
from harness.pilot.plan import verdicts_owed
from harness.run.config import Job, RunConfig
from harness.run.drift import look_for_drift, plan_drift
from harness.run.prove import prove
from harness.run.workplace import in_process
from tests.harness.engagement import write

FIRST = datetime(2026, 11, 20, 2, tzinfo=UTC)
DAY = timedelta(days=1)
PY = """
from datetime import timedelta

import pandera.polars as pa
import polars as pl
from seatrial import Address, Contract, Pilot, Promises, Quota, Source, SourcePromises
from seatrial import Reconciliation
from seatrial.sql import Sql

KEY = pa.Column(pl.Int64, description="The order's number")
AT = pa.Column(pl.Datetime("us", "UTC"), description="When")
TEXT = pa.Column(pl.String, nullable=True, description="A text")
ORDERS = Contract(
    name="orders",
    promises=Promises(
        key=("key",),
        event_time="at",
        lag=timedelta(hours=24),
        cadence=timedelta(days=1),
        missing={"voucher": 0.5, "city": 0.1},
        missing_jointly=0.6,
        reconciles=(Reconciliation(dataset="shop.refunds", ours="key", theirs="key"),),
    ),
    schema=pa.DataFrameSchema(
        {"key": KEY, "at": AT, "voucher": TEXT, "city": TEXT}, strict=True
    ),
)
REFUNDS = Contract(
    name="refunds",
    promises=Promises(key=("key",)),
    schema=pa.DataFrameSchema({"key": KEY}, strict=True),
)
BROKEN = Contract(
    name="returns",
    promises=Promises(key=("nothing",)),
    schema=pa.DataFrameSchema({"key": KEY}, strict=True),
)

def shop(at: Address) -> Sql:
    tables = {name: name for name in ("orders", "refunds", "returns", "secrets")}
    return Sql(url=at.text("url"), password=None, tables=tables)

PILOT = Pilot(
    name="nights",
    sources=(
        Source(
            name="shop",
            connect=shop,
            contracts=(ORDERS, REFUNDS, BROKEN),
            promises=SourcePromises(quota=Quota(requests=1_000, seconds=60)),
        ),
    ),
)
"""
YAML = """\
title: Predict something
owners: {shop: {owner: Ada}}
environments: {dev: {evidence_class: staging, sources: {shop: {url: "sqlite:///SHOP"}}}}
"""


def nights(root: Path) -> tuple[Entry, ...]:
    """The entries: of two nights with all that is planned, and a look for drift between them."""
    shop = root / "shop.sqlite"
    with closing(sqlite3.connect(shop)) as connection, connection:
        connection.execute("create table orders (key bigint, at text, voucher text, city text)")
        connection.execute("create table refunds (key bigint)")
        at = f"{FIRST - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
        rows = [(n, at, "A" if n % 3 else None, "B" if n % 4 else None) for n in range(40)]
        connection.executemany("insert into orders values (?, ?, ?, ?)", rows)
        connection.executemany("insert into refunds values (?)", [(n,) for n in range(30)])
    folder = write(root, py=PY, yaml=YAML.replace("SHOP", str(shop)))
    out = root / "out"
    run(folder, out, FIRST)
    run(folder, out, FIRST + timedelta(hours=23), job=Job.DRIFT)
    run(folder, out, FIRST + DAY)
    return entries(out / "ledger.sqlite")


def run(folder: Path, out: Path, at: datetime, *, job: Job = Job.PROVE) -> None:
    loaded = loading.load(folder)
    is_drift = job is Job.DRIFT
    config = RunConfig(
        loaded=loaded,
        environment="dev",
        slot=at.astimezone(loaded.zone).date(),
        planned=plan_drift(loaded.pilot) if is_drift else verdicts_owed(loaded.pilot),
        out=out,
        environ={},
        clock=Clock(now=lambda: at),
        job=job,
    )
    (look_for_drift if is_drift else prove)(config, workplace=in_process)


Change = Callable[[dict[str, Any]], None]


def chained(entries: Iterable[tuple[str, str, Any]]) -> list[Entry]:
    """These entries as a whole ledger has them: whoever changes one can chain them all again."""
    found: list[Entry] = []
    for run_id, kind, body in entries:
        last = (found[-1].seq, found[-1].sha256) if found else None
        found.append(link(last, run=run_id, kind=kind, body=body))
    return found


def changed(
    known: Iterable[Entry], change: Change, *, where: Callable[[Entry], bool]
) -> list[Entry]:
    """All entries, those of `where` changed, chained again."""
    rows = []
    for entry in known:
        body = msgspec.json.decode(entry.body)
        if where(entry):
            change(body)
        rows.append((entry.run, entry.kind, body))
    return chained(rows)
