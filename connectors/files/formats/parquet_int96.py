"""INT96, the old way of writing times: nanoseconds of a day, and the day.

Arrow reads them as microseconds, which cut what is finer, or as nanoseconds, in which years before
1678 and after 2262 wrap around. Read in both, the difference tells what was cut: the low digits
survive the wrapping.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from connectors.errors import SourceChanged

MICROSECONDS, NANOSECONDS = "us", "ns"
_PER_MICROSECOND = 1_000
_LAST_MICROSECOND = (2**63 - 1) // _PER_MICROSECOND
"""Whose nanoseconds are still an int64."""


def columns_with_int96(schema: pq.ParquetSchema, names: Sequence[str]) -> list[str]:
    """The columns that hold such times, also deeper down."""
    leaves = [schema.column(at) for at in range(len(schema))]
    paths = [leaf.path for leaf in leaves if leaf.physical_type == "INT96"]
    return [name for name in names if any(f"{path}.".startswith(f"{name}.") for path in paths)]


def in_step(
    left: Iterator[pa.RecordBatch], right: Iterator[pa.RecordBatch]
) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
    """The same rows of both, whatever the size of their batches."""
    left, right = filter(len, left), filter(len, right)
    one = other = pa.record_batch({})
    while True:
        one, other = one or next(left, one), other or next(right, other)
        rows = min(len(one), len(other))
        if not rows:
            return
        yield one.slice(0, rows), other.slice(0, rows)
        one, other = one.slice(rows), other.slice(rows)


def exact_times(cut: pa.Array[Any], wrapped: pa.Array[Any], where: str) -> pa.Array[Any]:
    """One column, read in microseconds and in nanoseconds, without loss: the first where it cuts
    nothing, else the second. Raises SourceChanged, with `where`, if neither holds all values.
    """
    leaves = list(zip(_times(cut), _times(wrapped), strict=True))
    if not any(_any(pc.not_equal(_finer(*leaf), 0)) for leaf in leaves):
        return cut
    if any(_any(pc.greater(pc.abs(micros.view("int64")), _LAST_MICROSECOND)) for micros, _ in leaves):
        raise SourceChanged(
            f"{where}: it holds INT96 times finer than microseconds, and years that nanoseconds do "
            "not reach: have them written as TIMESTAMP"
        )
    return wrapped


def _finer(micros: pa.Array[Any], nanos: pa.Array[Any]) -> pa.Array[Any]:
    """The nanoseconds that microseconds leave out."""
    return pc.subtract(nanos.view("int64"), pc.multiply(micros.view("int64"), _PER_MICROSECOND))


def _times(column: pa.Array[Any]) -> Iterator[pa.Array[Any]]:
    """The times in a column, at any depth."""
    if pa.types.is_timestamp(column.type):
        yield column
    elif isinstance(column, pa.StructArray):
        for part in column.flatten():
            yield from _times(part)
    elif pa.types.is_nested(column.type):
        yield from _times(column.flatten())


def _any(mask: pa.Array[Any]) -> bool:
    return bool(pc.any(mask).as_py())
