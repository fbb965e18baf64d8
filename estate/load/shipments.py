"""Nightly shipment files into the logistics drop, available when the condition says, and beside
each the partner's word for it: its rows and its SHA-256.
"""

from __future__ import annotations

import os
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from estate.demo.faults import Condition

SCRATCH = "seatrial-scratch"
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
    """Fill `folder` with one file for each night of the condition and its control file, and no
    other file. Beside them lies an empty folder, where it may be tried what a reader may write.
    """
    (folder / SCRATCH).mkdir(parents=True, exist_ok=True)
    names = {night: f"shipments_{night:%Y%m%d}.csv" for night in condition.nights}
    for night, name in names.items():
        lines = shipments.filter(pc.equal(shipments["shipped_on"], pa.scalar(night)))
        newest = datetime.fromisoformat(pc.max(lines["shipped_at"]).as_py())
        shown = lines.slice(0, 0) if night == condition.empty_night else lines
        _write(folder / name, shown.select(COLUMNS), newest + condition.delay)
    kept = {folder / f"{name}{ending}" for name in names.values() for ending in ("", ".ok")}
    for old in set(folder.iterdir()) - kept - {folder / SCRATCH}:
        old.unlink()


def _write(path: Path, lines: pa.Table, available_at: datetime) -> None:
    text = BytesIO(f"{','.join(lines.column_names)}\n".encode())
    text.seek(0, os.SEEK_END)
    csv.write_csv(lines, text, csv.WriteOptions(include_header=False, quoting_style="none"))
    content = text.getvalue()
    control = path.with_name(f"{path.name}.ok")
    control.unlink(missing_ok=True)  # it is never the word for another file
    _put(path, content, available_at)
    _put(control, f"{lines.num_rows};{sha256(content).hexdigest()}\n".encode(), available_at)


def _put(path: Path, content: bytes, available_at: datetime) -> None:
    """Write beside and rename, so that a listing shows only whole files with their own time."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(content)
    os.utime(part, (available_at.timestamp(),) * 2)
    part.rename(path)
