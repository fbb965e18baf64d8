"""Kind 9: a driver or a reader converts a value before we look at it."""

from __future__ import annotations

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from pandera.polars import Column

from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats.parquet import Parquet
from connectors.files.stores.local import Local
from harness.verdict import Outcome, Verdict
from tests.truth.situation import Ground, Situation, contract, proven

_MICROSECOND = 1_795_000_000_000_000
_TIME = pl.Datetime("us")


def _column(name: str, sql: str, value: str, promised: object, right: Outcome) -> Situation:
    """One column of a table in PostgreSQL, with one value."""

    def judge(ground: Ground) -> Verdict:
        database = ground.postgresql
        database.execute(
            "drop table if exists converted",
            f"create table converted (n int, it {sql})",
            f"insert into converted values (1, '{value}')",
        )
        held = contract("it", {"n": Column(pl.Int64), "it": Column(promised)})
        return proven(ground, database.sql("converted"), held, claim="conforms")

    return Situation(
        kind=9, source="PostgreSQL", name=name, claim="conforms", right=right, judge=judge
    )


def _file(
    name: str, values: list[int], came: pa.DataType, promised: object, right: Outcome
) -> Situation:
    """One column of a Parquet file; times are written as INT96."""

    def judge(ground: Ground) -> Verdict:
        folder = ground.folder()
        table = pa.table({"n": range(len(values)), "it": pa.array(values, came)})
        pq.write_table(table, folder / "a.parquet", use_deprecated_int96_timestamps=True)
        held = contract("it", {"n": Column(pl.Int64), "it": Column(promised)})
        files = Files(store=Local(folder), datasets={"it": FileSet("*.parquet", Parquet())})
        return proven(ground, files, held, claim="conforms")

    return Situation(
        kind=9, source="Parquet", name=name, claim="conforms", right=right, judge=judge
    )


SITUATIONS = (
    _column("bits, promised as a number", "bit(3)", "101", pl.Int64, Outcome.BROKEN),
    _column("bits, promised as text", "bit(3)", "101", pl.String, Outcome.PROVEN),
    _column("an array of one, promised as a number", "oidvector", "7", pl.Int64, Outcome.BROKEN),
    _column("a real, promised as what it is", "real", "0.1", pl.Float32, Outcome.PROVEN),
    _column("an amount of money, promised as a number", "money", "7", pl.Float64, Outcome.BROKEN),
    _file(
        "INT96 below the microsecond",
        [_MICROSECOND * 1_000 + 1],
        pa.timestamp("ns"),
        _TIME,
        Outcome.BROKEN,
    ),
    _file("INT96 in microseconds", [_MICROSECOND], pa.timestamp("us"), _TIME, Outcome.PROVEN),
    _file("unsigned, as promised", [2**64 - 1], pa.uint64(), pl.UInt64, Outcome.PROVEN),
    _file(
        "unsigned, promised as a decimal",
        [2**64 - 1],
        pa.uint64(),
        pl.Decimal(20, 0),
        Outcome.PROVEN,
    ),
    _file("unsigned, promised as signed", [2**63], pa.uint64(), pl.Int64, Outcome.BROKEN),
)
