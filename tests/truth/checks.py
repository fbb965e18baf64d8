"""Kinds 8 and 10: a contract's own checks and the bounds of built-in ones, on real values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

import pandera.polars as pa
import polars as pl

from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats.parquet import Parquet
from connectors.files.stores.local import Local
from harness.verdict import Outcome, Verdict
from tests.truth.situation import NUMBER, Ground, Situation, contract, proven

_TABLES = count(1)
X = pl.col("x")


def _own(answer: Callable[[Any], pl.Expr]) -> pa.Check:
    """A check written in a contract; a digest holds the text of `answer`."""
    return pa.Check(lambda data: data.lazyframe.select(answer(X)), name="own")


def _table(  # noqa: PLR0913, PLR0917 - the columns of the table of situations
    kind: int, name: str, sql: str, values: Sequence[object], column: pa.Column, right: Outcome
) -> Situation:
    """A table of PostgreSQL with one column of the type `sql`."""

    def judge(ground: Ground) -> Verdict:
        table = f"checks_{next(_TABLES)}"
        rows = [f"({n}, {value})" for n, value in enumerate(values)]
        ground.postgresql.execute(
            f"create table {table} (id bigint primary key, x {sql})",
            f"grant select on {table} to public",
            f"insert into {table} values {', '.join(rows)}",
        )
        held = contract("it", {"id": NUMBER, "x": column})
        return proven(ground, ground.postgresql.sql(table), held, claim="conforms")

    return Situation(
        kind=kind, source="PostgreSQL", name=name, claim="conforms", right=right, judge=judge
    )


def _parquet(name: str, values: Sequence[int], own: pa.Check, right: Outcome) -> Situation:
    """A file with one unsigned column, which no SQL type of the estate is."""

    def judge(ground: Ground) -> Verdict:
        folder = ground.folder()
        table = pl.DataFrame(
            {"id": range(len(values)), "x": pl.Series(values, dtype=pl.UInt64)},
            schema_overrides={"id": pl.Int64},
        )
        table.write_parquet(folder / "it.parquet")
        files = Files(store=Local(folder), datasets={"it": FileSet("*.parquet", Parquet())})
        column = pa.Column(pl.UInt64, own)
        return proven(ground, files, contract("it", {"id": NUMBER, "x": column}), claim="conforms")

    return Situation(
        kind=8, source="Parquet", name=name, claim="conforms", right=right, judge=judge
    )


def _whole(*checks: pa.Check, **given: Any) -> pa.Column:
    return pa.Column(pl.Int64, list(checks), **given)


def _cents(*checks: pa.Check) -> pa.Column:
    return pa.Column(pl.Decimal(30, 2), list(checks))


_MEAN = _own(lambda x: x.mean() > 3)
_PRODUCT = _own(lambda x: x * x <= 2_000_000_000)
_BEYOND = 1_000_000_000_000_000_063
SITUATIONS = (
    _table(
        8,
        "the mean of nothing is above 3",
        "bigint",
        ["null", "null"],
        _whole(_MEAN, nullable=True),
        Outcome.ERROR,
    ),
    _table(8, "the mean of 4 and 5 is above 3", "bigint", [4, 5], _whole(_MEAN), Outcome.PROVEN),
    _table(
        8,
        "a condition without its else",
        "bigint",
        [4, 2],
        _whole(_own(lambda x: pl.when(x > 3).then(x < 9))),
        Outcome.ERROR,
    ),
    _table(
        8,
        "a missing value is left out",
        "bigint",
        [4, "null"],
        _whole(_own(lambda x: x > 3), nullable=True),
        Outcome.PROVEN,
    ),
    _table(
        8,
        "the first of three rows answers for all",
        "bigint",
        [1, -2, -30],
        _whole(_own(lambda x: x.head(1) > 0)),
        Outcome.ERROR,
    ),
    _table(
        8,
        "100,000 squared in 32 bits",
        "integer",
        [100_000, 2],
        pa.Column(pl.Int32, _PRODUCT),
        Outcome.ERROR,
    ),
    _table(
        8,
        "100,000 squared in 128 bits",
        "integer",
        [100_000, 2],
        pa.Column(pl.Int32, _own(lambda x: x.cast(pl.Int128) * x <= 2_000_000_000)),
        Outcome.BROKEN,
    ),
    _table(
        8,
        "December in 8 bits",
        "timestamp",
        ["'2026-12-31'"],
        pa.Column(pl.Datetime("us"), _own(lambda x: x.dt.month() * 100 + x.dt.day() != 1231)),
        Outcome.ERROR,
    ),
    _parquet("0 - 1 where there is no sign", [5, 0], _own(lambda x: x - 1 >= 0), Outcome.ERROR),
    _parquet("5 - 1 where there is no sign", [5, 1], _own(lambda x: x - 1 >= 0), Outcome.PROVEN),
    _table(
        10,
        "63 above 1e18, at most 1e18",
        "bigint",
        [_BEYOND],
        _whole(pa.Check.in_range(0, 1e18)),
        Outcome.BROKEN,
    ),
    _table(
        10,
        "1 below 1e16, under 1e16",
        "bigint",
        [10**16 - 1],
        _whole(pa.Check.lt(1e16)),
        Outcome.PROVEN,
    ),
    _table(
        10,
        "a decimal above 1e18, at most 1e18",
        "numeric(30, 2)",
        ["1000000000000000000.01"],
        _cents(pa.Check.le(1e18)),
        Outcome.BROKEN,
    ),
    _table(
        10,
        "a decimal below 1e16, under 1e16",
        "numeric(30, 2)",
        ["9999999999999999.99"],
        _cents(pa.Check.lt(1e16)),
        Outcome.PROVEN,
    ),
    _table(
        10,
        "a list of whole floats for whole numbers",
        "bigint",
        [1, 3],
        _whole(pa.Check.isin([1.0, 2.0])),
        Outcome.BROKEN,
    ),
)
