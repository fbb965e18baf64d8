"""A stand-in for the model that the demo is about. It learns nothing: it describes an order line,
so that there is something to make from proven data.

Equal data give equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from seatrial import Model

LINES = "billing.lines"


def describe_lines(data: Mapping[str, Path], to: Path) -> None:
    """Write `line.json`: how many lines there are, and what the middle one is like."""
    lines = pl.read_parquet(data[LINES])
    middle = lines.select(pl.col("quantity", "discount", "tax").median()).row(0, named=True)
    told = {"lines": lines.height, **{name: float(value) for name, value in middle.items()}}
    (to / "line.json").write_text(f"{json.dumps(told, indent=2, sort_keys=True)}\n")


LATE_DELIVERIES = Model(name="late_deliveries_model", reads=(LINES,), train=describe_lines)
