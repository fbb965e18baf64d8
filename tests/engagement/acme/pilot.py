"""Acme's pilot: one web shop and one stock room, each a SQLite file."""

from __future__ import annotations

from acme.contracts import orders, refunds
from seatrial import Address, Pilot, Source
from seatrial.sql import Sql


def database(at: Address, *datasets: str) -> Sql:
    """All tables are called as their datasets."""
    tables = {name: name for name in datasets}
    return Sql(url=f"sqlite:///{at.text('file')}", password=None, tables=tables)


def web_shop(at: Address) -> Sql:
    return database(at, "orders", "refunds")


def outlet(at: Address) -> Sql:
    return database(at, "orders")


PILOT = Pilot(
    name="acme",
    sources=(
        Source(
            name="web-shop",
            connect=web_shop,
            contracts=(orders.CONTRACT, refunds.CONTRACT),
            kinds=("sqlite",),
        ),
        Source(name="outlet", connect=outlet, contracts=(orders.CONTRACT,), kinds=("sqlite",)),
    ),
)
