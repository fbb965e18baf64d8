"""What a file's footer says of its values is not believed: the values are read."""

from __future__ import annotations

from pathlib import Path

import pandera.polars as pa
import polars as pl
import pyarrow.parquet as pq
import pytest

from contracts.rules import Kind
from tests.contracts.traps.engines import ENGINES, Engine
from tests.contracts.traps.trap import one, own, x

_HIGH, _LOW = 0x1122334455667788, 50
TRAPS = (
    one("a bound", pl.Int64, [1, _HIGH, 2], pa.Check.le(100), 1),
    one("a check of its own", pl.Int64, [1, _HIGH, 2], own(x <= 100), 1),
    one("the highest", pl.Int64, [1, _HIGH, 2], own(x.max() <= 100), 3),
    one("a list", pl.Int64, [1, _HIGH, 2], pa.Check.isin([1, 2]), 1),
    one("unique", pl.Int64, [_HIGH, 1, _HIGH], Kind.UNIQUE, 2),
)


def _with_a_lie(path: Path) -> Path:
    """The highest value of the column is lower, by the footer."""
    whole = path.read_bytes()
    begin = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    footer = whole[begin:].replace(_HIGH.to_bytes(8, "little"), _LOW.to_bytes(8, "little"))
    path.write_bytes(whole[:begin] + footer)
    [statistics] = [
        chunk.statistics
        for chunk in map(pq.read_metadata(path).row_group(0).column, range(2))
        if chunk.path_in_schema == "x"
    ]
    assert statistics.max == _LOW
    return path


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.title)
def test_the_values_are_read(tmp_path: Path, engine: Engine, trap) -> None:
    result = engine.evaluate(trap.contract, _with_a_lie(trap.land(tmp_path)))
    count = trap.found(result.rules)
    assert (count.failed, count.error) == (trap.right, None)
