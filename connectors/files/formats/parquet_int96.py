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
    leaves = list(zip(_counts(cut), _counts(wrapped), strict=True))
    if all(_is_zero(_finer(micros, nanos)) for micros, nanos in leaves):
        return cut
    if not all(_has_nanoseconds(micros) for micros, _ in leaves):
        raise SourceChanged(
            f"{where}: it holds INT96 times finer than microseconds, and years that nanoseconds "
            "do not reach: have them written as TIMESTAMP"
        )
    return wrapped


def _finer(micros: Any, nanos: Any) -> Any:
    """The nanoseconds that microseconds leave out."""
    return pc.subtract(nanos, pc.multiply(micros, pa.scalar(_PER_MICROSECOND)))


def _is_zero(counts: Any) -> bool:
    return not pc.any(pc.not_equal(counts, pa.scalar(0))).as_py()


def _has_nanoseconds(micros: Any) -> bool:
    return not pc.any(pc.greater(pc.abs(micros), pa.scalar(_LAST_MICROSECOND))).as_py()


def _counts(column: Any) -> Iterator[Any]:
    """The times in a column, at any depth, as the integers that they are."""
    if pa.types.is_timestamp(column.type):
        yield column.view(pa.int64())
    elif pa.types.is_struct(column.type):
        for part in column.flatten():
            yield from _counts(part)
    elif pa.types.is_nested(column.type):
        yield from _counts(column.flatten())
