"""The product's engine on one landed file: `ours.py FILE SHA256 ENGINE [keyless]`.

ENGINE is `chosen`, as the product chooses, or `reference`. An older checkout runs this file, too.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import time
from contextlib import suppress
from datetime import date
from decimal import Decimal
from inspect import signature
from pathlib import Path
from typing import Any

import pandera.polars as pa
import polars as pl

from contracts import engines
from contracts.engines import reference
from contracts.promises import Contract, Promises

MONEY = pl.Decimal(15, 2)
DAYS = pa.Check.in_range(date(1992, 1, 1), date(1998, 12, 31))
NOTES = ["DELIVER IN PERSON", "COLLECT COD", "NONE", "TAKE BACK RETURN"]
MODES = ["AIR", "FOB", "MAIL", "RAIL", "REG AIR", "SHIP", "TRUCK"]
LATER = pa.Check(
    lambda data: data.lazyframe.select(pl.col("l_receiptdate") > pl.col("l_shipdate")),
    name="received_later",
)
COLUMNS: dict[str, tuple[Any, pa.Check | None, bool]] = {
    "l_orderkey": (pl.Int64, None, False),
    "l_partkey": (pl.Int64, None, False),
    "l_suppkey": (pl.Int64, None, False),
    "l_linenumber": (pl.Int32, pa.Check.in_range(1, 7), False),
    "l_quantity": (MONEY, pa.Check.in_range(1, 50), False),
    "l_extendedprice": (MONEY, pa.Check.gt(0), False),
    "l_discount": (MONEY, pa.Check.in_range(0, Decimal("0.10")), False),
    "l_tax": (MONEY, pa.Check.in_range(0, Decimal("0.08")), False),
    "l_returnflag": (pl.String, pa.Check.isin(["A", "N", "R"]), True),
    "l_linestatus": (pl.String, pa.Check.isin(["F", "O"]), True),
    "l_shipdate": (pl.Date, DAYS, True),
    "l_commitdate": (pl.Date, None, True),
    "l_receiptdate": (pl.Date, None, True),
    "l_shipinstruct": (pl.String, pa.Check.isin(NOTES), True),
    "l_shipmode": (pl.String, pa.Check.isin(MODES), True),
    "l_comment": (pl.String, pa.Check.str_length(1, 44), True),
}
"""Type, check, and whether it may be null."""
LISTED = ("l_returnflag", "l_linestatus", "l_shipinstruct", "l_shipmode")
"""Texts whose values are listed need no look for control characters."""


def contract(key: tuple[str, ...]) -> Contract:
    """55 rules; 54 without a key."""
    columns = {
        name: pa.Column(dtype, check, nullable=nullable, description=name)
        for name, (dtype, check, nullable) in COLUMNS.items()
    }
    return Contract(
        name="lineitem",
        promises=Promises(key=key, control_characters=LISTED),
        schema=pa.DataFrameSchema(columns, checks=LATER, strict=True),
    )


def resident(name: str) -> float:
    """Millions of bytes, now (`VmRSS`) or at most (`VmHWM`)."""
    [kilobytes] = re.findall(rf"{name}:\s*(\d+)", Path("/proc/self/status").read_text())
    return int(kilobytes) * 1024 / 1e6


def main(file: str, sha256: str, engine: str, *keyless: str) -> None:
    """Judge, and print what failed and what it took after the imports."""
    with suppress(ModuleNotFoundError):  # an older checkout
        importlib.import_module("contracts.engines.samples")
    judged = contract(() if keyless else ("l_orderkey", "l_linenumber"))
    evaluate: Any = reference.evaluate if engine == "reference" else engines.evaluate
    digest = {"sha256": sha256} if "sha256" in signature(evaluate).parameters else {}
    began, before = time.process_time(), resident("VmRSS")
    result = evaluate(judged, Path(file), **digest)
    found = {
        "failed": {f"{r.rule} {r.column}": r.failed for r in result.rules if r.failed},
        "not_run": [f"{r.rule} {r.column}: {r.error}" for r in result.rules if r.error],
        "rules": len(result.rules),
        "rows": result.rows,
        "engine": result.engine,
        "cpu": time.process_time() - began,
        "over_imports": resident("VmHWM") - before,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
