"""A stand-in for the model that the demo is about. It learns nothing: it counts, for each way of
shipping, how many shipments came late, so that there is something to make from proven data.

Equal data give equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from seatrial import Model

SHIPMENTS = "logistics.shipments"


def count_late(data: Mapping[str, Path], to: Path) -> None:
    """Write `rates.json`: the share of late shipments by ship mode."""
    shipments = pl.read_parquet(data[SHIPMENTS])
    late = (pl.col("received_on") > pl.col("committed_on")).mean().round(6)
    rates = shipments.group_by("ship_mode").agg(late.alias("late")).sort("ship_mode")
    written = json.dumps(dict(rates.iter_rows()), indent=2, sort_keys=True)
    (to / "rates.json").write_text(f"{written}\n")


LATE_DELIVERIES = Model(name="late_deliveries_model", reads=(SHIPMENTS,), train=count_late)
