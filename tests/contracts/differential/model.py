"""A contract and its rows in plain Python, from which an engine's input is made and, apart from
that, the counts that are right (`oracle.py`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

import pandera.polars as pandera
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.arrow_schema import arrow_schema
from contracts.promises import Contract, Promises

Row: TypeAlias = Mapping[str, Any]
"""Values by column. A name in `rescued` is a column in which another type came: it lands null."""

TYPES: Mapping[str, Any] = {
    "int64": pl.Int64,
    "uint8": pl.UInt8,
    "uint64": pl.UInt64,
    "decimal": pl.Decimal(12, 2),
    "float64": pl.Float64,
    "text": pl.String,
    "bool": pl.Boolean,
    "date": pl.Date,
    "utc": pl.Datetime("us", "UTC"),
}
MISSING_AS = ("a",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One of Pandera's own checks."""

    name: str
    arguments: Mapping[str, Any]
    ignore_na: bool = True

    @property
    def pandera(self) -> pandera.Check:
        """As a contract has it."""
        built: pandera.Check = getattr(pandera.Check, self.name)(
            **self.arguments, ignore_na=self.ignore_na
        )
        return built


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A check of the contract's own on the whole table, in polars and in plain Python."""

    name: str
    form: pl.Expr
    count: Callable[[Sequence[Row]], int | None]
    """Rows that fail; None where an engine has to refuse, as a number would not fit."""
    columns: tuple[str, ...]

    @property
    def pandera(self) -> pandera.Check:
        """As a contract has it."""
        form = self.form
        return pandera.Check(lambda data: data.lazyframe.select(form), name=self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    name: str
    type: str
    """Of TYPES."""
    nullable: bool
    unique: bool
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    owns: tuple[Own, ...]
    rows: tuple[Row, ...]
    group_rows: int
    """Rows of one row group of the file."""
    absent: frozenset[str]
    """Columns that were not sent."""
    others: tuple[str, ...]
    """Columns of text that nobody promised."""
    missing: tuple[str, ...]
    """Fields of which missing values are bounded; `a` stands for one in those of text."""

    @property
    def contract(self) -> Contract:
        """What an engine is given."""
        columns = {
            one.name: pandera.Column(
                TYPES[one.type],
                [check.pandera for check in one.checks],
                nullable=one.nullable,
                unique=one.unique,
                description="as it came",
            )
            for one in self.columns
        }
        checks = [own.pandera for own in self.owns]
        return Contract(
            name="model",
            promises=Promises(
                key=self.key, missing=dict.fromkeys(self.missing, 0.5), missing_as=MISSING_AS
            ),
            schema=pandera.DataFrameSchema(columns, checks=checks, strict=True),
        )

    def land(
        self, folder: Path, change: Callable[[pa.Table], pa.Table] = lambda same: same
    ) -> Path:
        """The rows as a reading lands them, or as an engine with a fault would see them."""
        promised = arrow_schema(self.contract.schema)
        fields = pa.schema([one for one in promised if one.name not in self.absent])
        arrays = [pa.array([r[f.name] for r in self.rows], f.type) for f in fields]
        rescued = [json.dumps(r["rescued"]) if r["rescued"] else None for r in self.rows]
        more = {**dict.fromkeys((*self.others, "_delivery"), ["x"] * len(rescued))}
        for name, values in {**more, "_rescued": rescued}.items():
            fields = fields.append(pa.field(name, pa.string()))
            arrays.append(pa.array(values, pa.string()))
        path = folder / f"{datetime.now(UTC).timestamp()}.parquet"
        pq.write_table(
            change(pa.Table.from_arrays(arrays, schema=fields)),
            path,
            compression="zstd",
            write_page_checksum=True,
            row_group_size=self.group_rows,
        )
        return path
