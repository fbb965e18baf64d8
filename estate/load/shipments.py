"""Nightly shipment files into the logistics drop, available when the condition says."""

from __future__ import annotations

import csv
import os
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from estate.data import rows
from estate.demo.faults import Condition

COLUMNS = (
    "order_key",
    "line_number",
    "ship_mode",
    "quantity",
    "shipped_at",
    "committed_on",
    "received_on",
)


def deliver(folder: Path, shipments: pa.Table, condition: Condition) -> None:
    """Fill `folder` with one file for each night of the condition, and no other file."""
    folder.mkdir(exist_ok=True)
    names = {night: f"shipments_{night:%Y%m%d}.csv" for night in condition.nights}
    for night, name in names.items():
        lines = shipments.filter(pc.equal(shipments["shipped_on"], pa.scalar(night)))
        newest = datetime.fromisoformat(pc.max(lines["shipped_at"]).as_py())
        shown = lines.slice(0, 0) if night == condition.empty_night else lines
        _write(folder / name, shown.select(COLUMNS), newest + condition.delay)
    for old in set(folder.iterdir()) - {folder / name for name in names.values()}:
        old.unlink()


def _write(path: Path, lines: pa.Table, available_at: datetime) -> None:
    """Write beside and rename, so that a listing shows only whole files with their own time."""
    part = path.with_suffix(".part")
    with part.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(lines.column_names)
        writer.writerows(rows(lines))
    os.utime(part, (available_at.timestamp(),) * 2)
    part.rename(path)
