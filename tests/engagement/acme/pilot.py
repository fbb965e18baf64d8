"""Acme's pilot: one web shop and one stock room, each a SQLite file."""

from __future__ import annotations

from acme.contracts import orders, refunds
from seatrial import Address, Pilot, Source
from seatrial.sql import Sql


def database(at: Address) -> Sql:
    """All tables are called as their datasets."""
    return Sql(
        url=f"sqlite:///{at.text('file')}",
        password=None,
        tables={"orders": "orders", "refunds": "refunds"},
    )


PILOT = Pilot(
    name="acme",
    sources=(
        Source(
            name="web-shop",
            connect=database,
            contracts=(orders.CONTRACT, refunds.CONTRACT),
            kinds=("sqlite",),
        ),
        Source(name="outlet", connect=database, contracts=(orders.CONTRACT,), kinds=("sqlite",)),
    ),
)
