"""TPC-H's lineitem as we land it: of tpchgen-cli, in row groups of ours, zstd, checksums."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.connector import DELIVERY, RESCUED
from harness.run.landing import write_parquet

_BATCH_ROWS = 1 << 16
_WRONG = pa.scalar("51.00").cast(pa.decimal128(15, 2))
_TEXT = pa.string()
_Change: TypeAlias = Callable[[pa.RecordBatch], pa.RecordBatch]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineitem:
    """A landed file."""

    path: Path
    sha256: str
    rows: int


def generate(folder: Path, *, scale: float) -> Path:
    """The table of this scale factor; the same in each run. Raises CalledProcessError."""
    tpchgen = Path(sysconfig.get_path("scripts")) / "tpchgen-cli"
    made = ("parquet", "--scale-factor", f"{scale:g}", "--tables", "lineitem", "--quiet")
    subprocess.run([tpchgen, *made, "--output-dir", folder], check=True)
    return folder / "lineitem.parquet"


def land(made: Path, path: Path, *, rows: int | None = None, change: str = "as it is") -> Lineitem:
    """Land the first `rows` of a table, all by default, each block of them changed (CHANGES)."""
    with pq.ParquetFile(made) as file:
        names = file.schema_arrow.names
        types = [_TEXT if pa.types.is_string_view(f.type) else f.type for f in file.schema_arrow]
        schema = pa.schema([*zip(names, types, strict=True), (DELIVERY, _TEXT), (RESCUED, _TEXT)])
        batches = _batches(file, schema, rows, CHANGES[change])
        reader = pa.RecordBatchReader.from_batches(schema, batches)
        landed = write_parquet(reader, path, event_time=None, landed=lambda _rows, _bytes: None)
    return Lineitem(path=path, sha256=landed.sha256, rows=landed.whole.rows)


def _batches(
    file: pq.ParquetFile, schema: pa.Schema, rows: int | None, change: _Change
) -> Iterator[pa.RecordBatch]:
    left = file.metadata.num_rows if rows is None else rows
    for batch in file.iter_batches(_BATCH_ROWS):
        taken = batch.slice(0, left)
        left -= len(taken)
        ours = [pa.array(["lineitem"] * len(taken), _TEXT), pa.nulls(len(taken), _TEXT)]
        columns = zip((*taken.columns, *ours), schema, strict=True)
        cast = [column.cast(field.type) for column, field in columns]
        yield change(pa.RecordBatch.from_arrays(cast, schema=schema))
        if not left:
            return


def _one_in_six_wrong(batch: pa.RecordBatch) -> pa.RecordBatch:
    place = batch.schema.get_field_index("l_quantity")
    sixth = pa.array([n % 6 == 0 for n in range(len(batch))])
    quantity = pc.if_else(sixth, _WRONG, batch.column(place))
    return batch.set_column(place, "l_quantity", quantity)


def _in_no_order(batch: pa.RecordBatch) -> pa.RecordBatch:
    order = list(range(len(batch)))
    random.Random(len(batch)).shuffle(order)
    return batch.take(pa.array(order))


CHANGES: Mapping[str, _Change] = {
    "as it is": lambda batch: batch,
    "wrong": _one_in_six_wrong,
    "in no order": _in_no_order,
}
"""`wrong`: a million quantities of six are out of their range. `in no order`: TPC-H writes the key
in ascending order, which is easier to judge.
"""


if __name__ == "__main__":
    # In a process of its own: what it allocates is not seen in those that are measured.
    folder, name, change = Path(sys.argv[1]), *sys.argv[4:6]
    scale, rows = map(int, sys.argv[2:4])
    table = folder / f"{scale}" / "lineitem.parquet"
    if not table.exists():
        table.parent.mkdir()
        generate(table.parent, scale=scale)
    done = land(table, folder / name, rows=rows or None, change=change)
    print(json.dumps({"sha256": done.sha256, "rows": done.rows}))
