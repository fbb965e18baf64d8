"""Twelve datasets that want more memory than a child may have, most of them as real sources are.

deeds of a connector, files (CSV, JSON lines, Parquet), tables (SQLite)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from harness.ledger.ledger import utc_now
from harness.pilot import loading
from harness.pilot.plan import plan
from harness.result import Result
from harness.run.config import RunConfig
from harness.run.prove import prove
from tests.harness.box.hostile import proven
from tests.harness.engagement import write

LIMITS = "{memory: 512 MiB}"
LARGE = 600 << 20
"""Bytes of one value."""
ROWS = 6_000_000
PILOT_PY = """
from pathlib import Path
import pandera.polars as pa
import polars as pl
from seatrial import Address, Contract, Pilot, Promises, Source
from seatrial.files import Csv, Files, FileSet, JsonLines, Local, Parquet
from seatrial.sql import Sql

FORMATS = {".csv": Csv(), ".jsonl": JsonLines(), ".parquet": Parquet()}
IT = Contract(
    name="it",
    promises=Promises(key=("id",)),
    schema=pa.DataFrameSchema(
        {
            "id": pa.Column(pl.Int64, description="A number"),
            "text": pa.Column(pl.String, nullable=True, description="A text"),
        },
        strict=True,
    ),
)

def it(at: Address):
    file = Path(at.text("file"))
    if file.suffix == ".sqlite":
        return Sql(url=f"sqlite:///{file}", password=None, tables={"it": "it"})
    files = FileSet(file.name, FORMATS[file.suffix])
    return Files(store=Local(file.parent), datasets={"it": files})

PILOT = Pilot(name="filled", sources=(Source(name="it", connect=it, contracts=(IT,)),))
"""
PILOT_YAML = """\
title: Filled
limits: {limits}
environments:
  dev:
    evidence_class: simulated
    sources:
      it: {{file: {file}}}
"""


def proven_filled(root: Path, name: str) -> Result:
    """One run over one of them, in children of `LIMITS`."""
    if name in DEEDS:
        return proven(root, name, limits=LIMITS).result
    file = root / f"it.{name.partition(' ')[0]}"
    MADE[name](file)
    folder = write(root, py=PILOT_PY, yaml=PILOT_YAML.format(limits=LIMITS, file=file))
    loaded = loading.load(folder)
    config = RunConfig(
        loaded=loaded,
        environment="dev",
        slot=utc_now().date(),
        planned=plan(loaded.pilot, claims=["conforms"]),
        out=root / "out",
        environ={},
    )
    try:
        return prove(config)
    finally:
        file.unlink()


def _csv_value(file: Path) -> None:
    file.write_bytes(b"id,text\n1," + b"a" * LARGE + b"\n")


def _csv_rows(file: Path) -> None:
    with file.open("wb") as opened:
        opened.write(b"id,text\n")
        for _ in range(ROWS // 1_000):
            opened.write(b"1234567,abcdefgh\n" * 1_000)


def _jsonl_value(file: Path) -> None:
    file.write_bytes(b'{"id": 1, "text": "' + b"a" * LARGE + b'"}\n')


def _jsonl_rows(file: Path) -> None:
    with file.open("wb") as opened:
        for _ in range(ROWS // 1_000):
            opened.write(b'{"id": 1234567, "text": "abcdefgh"}\n' * 1_000)


def _parquet(file: Path, ids: pa.Array, texts: pa.Array) -> None:
    pq.write_table(pa.table({"id": ids, "text": texts}), file, compression="zstd")


def _parquet_value(file: Path) -> None:
    _parquet(file, pa.array([1]), pa.array(["a" * LARGE]))


def _parquet_repeated(file: Path) -> None:
    """One text of 10 kB, written once, in each of 200,000 rows."""
    rows = 200_000
    codes = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), ["a" * 10_000])
    _parquet(file, pa.array(range(rows)), codes)


def _parquet_group(file: Path) -> None:
    """Many equal rows in one group, which is small as long as it is packed."""
    rows = 6 * ROWS
    codes = pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), rows), ["abcdefgh"])
    table = pa.table({"id": pa.repeat(pa.scalar(1, pa.int64()), rows), "text": codes})
    pq.write_table(table, file, row_group_size=rows)


def _sqlite(select: str) -> Callable[[Path], None]:
    def make(file: Path) -> None:
        with sqlite3.connect(file) as connection:
            connection.execute(f"create table it as {select}")
        connection.close()

    return make


DEEDS = ("fills-python", "fills-arrow", "fills-polars")
MADE: Mapping[str, Callable[[Path], None]] = {
    "csv of one long value": _csv_value,
    "csv of many rows": _csv_rows,
    "jsonl of one long value": _jsonl_value,
    "jsonl of many rows": _jsonl_rows,
    "parquet of one long value": _parquet_value,
    "parquet of a repeated value": _parquet_repeated,
    "parquet of one group": _parquet_group,
    "sqlite of one long value": _sqlite(f"select 1 as id, printf('%.*c', {LARGE}, 'a') as text"),
    "sqlite of many rows": _sqlite(
        f"with n(id) as (select 1 union all select id + 1 from n where id < {ROWS}) "
        "select id, 'abcdefgh' || id as text from n"
    ),
}
FILLED = (*DEEDS, *MADE)
"""Each by its name: what it is of, and how it wants much."""
