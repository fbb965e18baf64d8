"""Writes a small engagement of its own name into a folder, to be broken in one way per test."""

from __future__ import annotations

import itertools
from pathlib import Path

PILOT_PY = """
import pandera.polars as pa
from seatrial import Address, Contract, Pilot, Promises, Source
from seatrial.sql import Sql

KEY = pa.Column("int64", description="The order's number")
ORDERS = Contract(
    name="orders",
    promises=Promises(key=("order_key",)),
    schema=pa.DataFrameSchema({"order_key": KEY}, strict=True),
)

def erp(at: Address) -> Sql:
    return Sql(url=at.text("url"), password=at.secret("password"), tables={"orders": "orders"})

PILOT = Pilot(name="acme", sources=(Source(name="erp", connect=erp, contracts=(ORDERS,)),))
"""
PILOT_YAML = """\
title: Predict something
zone: Europe/Berlin
owners:
  erp: {owner: A, deputy: B, escalation: C, acknowledged: {by: A, on: 2026-11-01}}
environments:
  dev:
    evidence_class: sandbox
    sources:
      erp: {url: env:ERP_URL, password: env:ERP_PASSWORD}
"""
_NUMBER = itertools.count(1)


def write(root: Path, *, py: str = PILOT_PY, yaml: str = PILOT_YAML) -> Path:
    """The folder of a new engagement; each has a package name of its own."""
    folder = root / f"acme{next(_NUMBER)}"
    folder.mkdir()
    (folder / "pilot.py").write_text(py)
    (folder / "pilot.yaml").write_text(yaml)
    return folder
