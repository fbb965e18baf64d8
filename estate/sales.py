"""What was ordered and what was billed for it, from one reading: totals agree to the cent.

    orders ─┬─ order lines ─▶ charged ─▶ lines
            └──────────────── sum ─────▶ orders with their total

TPC-H's own totals are not used: each of its lines is rounded there in another way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from estate.data import Tpch

ORDER_DAYS = 120
LINE_DAYS = 84
_BILLED_AFTER = timedelta(minutes=10)
_CENTS = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """The last days' orders and their lines, the same in every condition."""

    orders: pa.Table
    """One row per order: its key, customer, status, total in cents, moment, priority, clerk, note;
    of the last 120 days."""
    lines: pa.Table
    """One row per line, its order's day in `ordered_on`; of the last 84 days."""


def sales(tpch: Tpch) -> Sales:
    """Draw up the orders and bill them."""
    orders = tpch.orders(ORDER_DAYS)
    lines = tpch.order_lines(orders)
    lines = lines.append_column("charged", _charge(lines))
    order = orders.take(pc.index_in(lines["order_key"], value_set=orders["order_key"]))
    billed_at = pc.add(order["ordered_at"], pa.scalar(_BILLED_AFTER))
    lines = lines.append_column("billed_at", billed_at)
    lines = lines.append_column("ordered_on", order["ordered_on"])
    first = tpch.last_order - timedelta(days=LINE_DAYS - 1)
    return Sales(
        orders=_add_totals(orders, lines, tpch),
        lines=lines.filter(pc.greater_equal(lines["ordered_on"], pa.scalar(first))),
    )


def _charge(lines: pa.Table) -> pa.ChunkedArray[Any]:
    """Price less discount plus tax, rounded to cents as an invoice rounds: halves up."""
    one = pa.scalar(Decimal("1.00"), pa.decimal128(3, 2))
    less = pc.multiply(lines["extended_price"], pc.subtract(one, lines["discount"]))
    exact = pc.multiply(less, pc.add(one, lines["tax"]))
    return pc.round(exact, 2, round_mode="half_towards_infinity").cast(pa.decimal128(12, 2))


def _add_totals(orders: pa.Table, lines: pa.Table, tpch: Tpch) -> pa.Table:
    """Add what only the lines know: the total, how far the order is shipped, the first note."""
    summed = lines.group_by("order_key").aggregate(
        [("charged", "sum"), ("shipped_on", "min"), ("shipped_on", "max")]
    )
    first = lines.filter(pc.equal(lines["line_number"], pa.scalar(1)))
    summed = summed.take(pc.index_in(orders["order_key"], value_set=summed["order_key"]))
    first = first.take(pc.index_in(orders["order_key"], value_set=first["order_key"]))
    now = pa.scalar(tpch.last_order)
    open_, done = (
        pc.greater(summed["shipped_on_min"], now),
        pc.less_equal(summed["shipped_on_max"], now),
    )
    status = pc.if_else(open_, "O", pc.if_else(done, "F", "P"))
    total = summed["charged_sum"].cast(pa.decimal128(15, 2))
    cents = pc.multiply(total, pa.scalar(_CENTS)).cast(pa.int64())
    return (
        orders.append_column("status", status)
        .append_column("total_cents", cents)
        .append_column("shipping_note", first["shipping_note"])
    )
