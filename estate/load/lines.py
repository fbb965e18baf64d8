"""Order lines into billing's bucket, one Parquet file for each day of orders, whose footer says
how many were sent.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from estate.demo.faults import Condition

COLUMNS = (
    "order_ref",
    "line_number",
    "quantity",
    "extended_price",
    "discount",
    "tax",
    "charged",
    "billed_at",
)
_AVAILABLE_AFTER = timedelta(minutes=30)
"""From a day's last bill to its file."""


def deliver(folder: Path, lines: pa.Table, condition: Condition) -> None:
    """Fill `folder` with one file for each day on which an order of `lines` was placed."""
    lines = _shift(lines, condition)
    keys = lines["order_key"].cast(pa.string())
    lines = lines.append_column("order_ref", pc.utf8_replace_slice(keys, 0, 0, "L"))
    for day in pc.unique(lines["ordered_on"]):
        of_day = lines.filter(pc.equal(lines["ordered_on"], day)).select(COLUMNS)
        newest = cast("datetime", pc.max(of_day["billed_at"]).as_py())
        _write(folder / f"day={day}" / "part-0.parquet", of_day, newest + _AVAILABLE_AFTER)


def _shift(lines: pa.Table, condition: Condition) -> pa.Table:
    """No value grows beyond the highest that there was, so every promise of a range still holds;
    what was charged stays.
    """
    for name, by in condition.shifted.items():
        values = lines[name]
        higher = pc.add(values, pa.scalar(by)).cast(values.type)
        moved = pc.min_element_wise(higher, pc.max(values))
        place = lines.column_names.index(name)
        lines = lines.set_column(place, name, moved)
    return lines


def _write(path: Path, lines: pa.Table, available_at: datetime) -> None:
    """Write beside and rename, so that a listing shows only whole files with their own time."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    sent = lines.replace_schema_metadata({"rows_sent": str(lines.num_rows)})
    pq.write_table(sent, part, write_page_checksum=True)
    os.utime(part, (available_at.timestamp(),) * 2)
    part.rename(path)
