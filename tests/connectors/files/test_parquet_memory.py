"""A row group is read bit by bit, however large its writer made it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.files.formats.parquet import Parquet

ROWS = 1_000_000
SCHEMA = pa.schema([("n", pa.int64()), ("m", pa.int64())])


def test_a_large_row_group_is_never_held_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    numbers = pa.array(range(ROWS))
    table = pa.table([numbers, numbers], schema=SCHEMA)
    pq.write_table(table, path, compression="none", use_dictionary=False, write_page_checksum=True)
    assert pq.read_metadata(path).num_row_groups == 1
    size = table.nbytes
    del table, numbers
    before = pa.total_allocated_bytes()
    layout = Parquet().layout(path, path.name)
    assert layout is not None
    held, rows = 0, 0
    for block in Parquet().blocks(path, path.name, layout, SCHEMA):
        rows += block.rows
        held = max(held, pa.total_allocated_bytes() - before)
    assert rows == ROWS
    assert held < size / 2
