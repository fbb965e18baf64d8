"""A file with one contract, as somebody writes it, and ways to write it wrongly."""

from __future__ import annotations

from pathlib import Path

ORDERS = '''\
"""Orders."""

from datetime import timedelta

import pandera.polars as pa
import polars as pl

from seatrial import Contract, Promises, Volume

CONTRACT = Contract(
    name="orders",
    promises=Promises(
        key=("order_key",),
        event_time="ordered_at",
        lag=timedelta(hours=24),
        cadence=timedelta(days=1),
        volume=Volume(minimum=10, maximum=1_000),
        missing={"amount": 0.01},
    ),
    schema=pa.DataFrameSchema(
        {
            "order_key": pa.Column(pl.Int64, pa.Check.gt(0), description="number"),
            "amount": pa.Column(pl.Decimal(12, 2), nullable=True, description="euros"),
            "mode": pa.Column(pl.String, pa.Check.isin(["AIR", "RAIL"]), description="way"),
            "ordered_at": pa.Column(pl.Datetime("us", "UTC"), description="when"),
        },
        strict=True,
    ),
)
'''


def write(folder: Path, *edits: tuple[str, str], name: str = "orders.py") -> Path:
    """The file in `folder` with each first text replaced by the second."""
    text = ORDERS
    for old, new in edits:
        assert text.count(old) == 1, f"not there, or not once: {old}"
        text = text.replace(old, new)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text)
    return path


def line_of(path: Path, text: str) -> int:
    """The first line with a text."""
    return next(n for n, line in enumerate(path.read_text().splitlines(), 1) if text in line)
