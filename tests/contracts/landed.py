"""Parquet files as the harness lands them, and a small contract to hold them against."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandera.polars as pandera
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.arrow_schema import arrow_schema
from contracts.evaluation import Evaluation, RuleCount
from contracts.promises import Contract, Promises

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def columns(**changed: pandera.Column | None) -> dict[str, pandera.Column]:
    usual: dict[str, pandera.Column | None] = {
        "key": pandera.Column(pl.Int64, pandera.Check.gt(0), description="number"),
        "line": pandera.Column(pl.Int32, description="line"),
        "mode": pandera.Column(pl.String, pandera.Check.isin(["AIR", "RAIL"]), description="how"),
        "weight": pandera.Column(
            pl.Float64, pandera.Check.ge(0), nullable=True, description="in kg"
        ),
        "price": pandera.Column(
            pl.Decimal(12, 2), pandera.Check.in_range(0, 100), description="in dollars"
        ),
        "segment": pandera.Column(pl.String, nullable=True, description="segment"),
        "at": pandera.Column(pl.Datetime("us", "UTC"), description="when"),
    }
    return {name: column for name, column in {**usual, **changed}.items() if column is not None}


def contract(
    promises: Mapping[str, Any] | None = None,
    schema: Mapping[str, Any] | None = None,
    **changed: pandera.Column | None,
) -> Contract:
    """A good contract, with `changed` columns."""
    return Contract(
        name="orders",
        promises=replace(
            Promises(
                key=("key", "line"),
                event_time="at",
                lag=timedelta(hours=24),
                cadence=timedelta(days=1),
                missing={"segment": 0.02, "weight": 0.05},
                missing_jointly=0.06,
            ),
            **(promises or {}),
        ),
        schema=pandera.DataFrameSchema(columns(**changed), **{"strict": True, **(schema or {})}),
    )


def row(key: int, **given: Any) -> dict[str, Any]:
    usual = {
        "key": key,
        "line": 1,
        "mode": "AIR",
        "weight": 1.5,
        "price": "9.90",
        "segment": "BUILDING",
        "at": NOON,
    }
    return {**usual, **given}


def land(  # noqa: PLR0913 - one argument for each way in which a landing may be odd
    folder: Path,
    judged_by: Contract,
    rows: Sequence[Mapping[str, Any]],
    *,
    without: Sequence[str] = (),
    extra: Mapping[str, str] | None = None,
    types: Mapping[str, pa.DataType] | None = None,
) -> Path:
    """Rows as they land: the contract's columns, extra ones as text, `_delivery`, `_rescued`.

    A row's own `_rescued` is a mapping of the values that did not fit.
    """
    fields = [
        f.with_type((types or {}).get(f.name, f.type))
        for f in arrow_schema(judged_by.schema)
        if f.name not in without
    ]
    arrays = [_array([r[f.name] for r in rows], f.type) for f in fields]
    for name, text in (extra or {}).items():
        fields.append(pa.field(name, pa.string()))
        arrays.append(pa.array([text] * len(rows), pa.string()))
    rescued = [json.dumps(r["_rescued"]) if "_rescued" in r else None for r in rows]
    reserved = {"_delivery": ["a.csv"] * len(rows), "_rescued": rescued}
    for name, values in reserved.items():
        if name not in without:
            fields.append(pa.field(name, pa.string()))
            arrays.append(pa.array(values, pa.string()))
    path = folder / "landed.parquet"
    pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(fields)), path)
    return path


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_decimal(kind):
        return pa.array(values, pa.string()).cast(kind)
    return pa.array(values, kind)


def found(evaluation: Evaluation, rule: str, column: str | None) -> RuleCount:
    [one] = [r for r in evaluation.rules if r.rule == rule and r.column == column]
    return one


def failures(evaluation: Evaluation) -> dict[tuple[str, str | None], int]:
    return {(r.rule, r.column): r.failed for r in evaluation.rules if r.failed}
