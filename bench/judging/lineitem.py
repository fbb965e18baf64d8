"""TPC-H's lineitem as we land it: of tpchgen-cli, in row groups of ours, zstd, checksums."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.connector import DELIVERY, RESCUED
from harness.run.landing import write_parquet

_BATCH_ROWS = 1 << 16
_EVERY = 6
"""One row in so many fails: a million of six."""
_WRONG = pa.scalar("51.00").cast(pa.decimal128(15, 2))
_TEXT = pa.string()


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


def land(made: Path, path: Path, *, rows: int | None = None, is_wrong: bool = False) -> Lineitem:
    """Land the first `rows` of a table, all by default. Where it is wrong, one quantity in six is
    out of its range.
    """
    with pq.ParquetFile(made) as file:
        names = file.schema_arrow.names
        types = [_TEXT if pa.types.is_string_view(f.type) else f.type for f in file.schema_arrow]
        schema = pa.schema([*zip(names, types, strict=True), (DELIVERY, _TEXT), (RESCUED, _TEXT)])
        batches = _batches(file, schema, rows, is_wrong=is_wrong)
        reader = pa.RecordBatchReader.from_batches(schema, batches)
        landed = write_parquet(reader, path, event_time=None, landed=lambda _rows, _bytes: None)
    return Lineitem(path=path, sha256=landed.sha256, rows=landed.whole.rows)


def _batches(
    file: pq.ParquetFile, schema: pa.Schema, rows: int | None, *, is_wrong: bool
) -> Iterator[pa.RecordBatch]:
    left = file.metadata.num_rows if rows is None else rows
    place = schema.get_field_index("l_quantity")
    for batch in file.iter_batches(_BATCH_ROWS):
        taken = batch.slice(0, left)
        left -= len(taken)
        columns = taken.columns
        if is_wrong:
            sixth = pa.array([n % _EVERY == 0 for n in range(len(taken))])
            columns[place] = pc.if_else(sixth, _WRONG, columns[place])
        columns += [pa.array(["lineitem"] * len(taken), _TEXT), pa.nulls(len(taken), _TEXT)]
        cast = [a.cast(field.type) for a, field in zip(columns, schema, strict=True)]
        yield pa.RecordBatch.from_arrays(cast, schema=schema)
        if not left:
            return


if __name__ == "__main__":
    # In a process of its own: what it allocates is not seen in those that are measured.
    folder, scale, rows, is_wrong = Path(sys.argv[1]), *map(int, sys.argv[2:5])
    table = folder / "lineitem.parquet"
    if not table.exists():
        generate(folder, scale=scale)
    done = land(table, folder / sys.argv[5], rows=rows or None, is_wrong=bool(is_wrong))
    print(json.dumps({"sha256": done.sha256, "rows": done.rows}))
