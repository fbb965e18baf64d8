"""What is counted while rows land is what their file holds: its digest, and its profile."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path

import pandera.polars as pandera
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.connector import RESCUED
from contracts.arrow_schema import arrow_schema
from contracts.evaluation import ColumnProfile, Numbers, Profile
from contracts.grid import grid
from contracts.profile import BLOCK_ROWS, Tally, profile
from contracts.promises import Contract
from harness.run.landing import Landing, write_parquet
from tests.contracts.landed import contract

TYPES = (
    *(pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.UInt8, pl.UInt16, pl.UInt32, pl.UInt64),
    *(pl.Float32, pl.Float64, pl.Boolean, pl.String, pl.Binary, pl.Date, pl.Decimal(38, 10)),
    *(pl.Datetime("ms"), pl.Datetime("us", "UTC"), pl.Datetime("ns", "UTC")),
)
CONTRACT = contract()
NOTHING = Profile(dataset="", rows=0, columns=())
SCHEMA = pa.schema([*arrow_schema(CONTRACT.schema), pa.field(RESCUED, pa.string())])
SIZES = st.sampled_from([0, 1, 7, 400, BLOCK_ROWS - 1, BLOCK_ROWS, BLOCK_ROWS + 1, 100_000])


def rows(number: int, draw: random.Random) -> pa.RecordBatch:
    """Numbers whose sums depend on their order, some of them none."""
    weights = [draw.choice([None, float("nan"), draw.lognormvariate(0, 9)]) for _ in range(31)]
    columns = {
        "key": range(number),
        "line": [draw.randrange(9)] * number,
        "mode": (["AIR", "RAIL", None] * number)[:number],
        "weight": (weights * (number // len(weights) + 1))[:number],
        "segment": [draw.choice(["", "A", "B"])] * number,
    }
    arrays = [
        pa.array(columns[field.name], field.type)
        if field.name in columns
        else pa.nulls(number, field.type)
        for field in SCHEMA
    ]
    return pa.record_batch(arrays, schema=SCHEMA)


def land(
    path: Path,
    batches: Sequence[pa.RecordBatch],
    chosen: Profile,
    held: Contract = CONTRACT,
    schema: pa.Schema = SCHEMA,
) -> Landing:
    return write_parquet(
        pa.RecordBatchReader.from_batches(schema, batches),
        path,
        event_time=None,
        landed=lambda *_: None,
        tally=partial(Tally, held, chosen),
    )


@settings(max_examples=25)
@given(sizes=st.lists(SIZES, max_size=5), seed=st.integers(0, 99))
def test_the_profile_counted_on_the_way_is_exactly_that_of_the_file(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], seed: int
) -> None:
    """However the rows come cut, and to the last digit of every mean."""
    folder = tmp_path_factory.mktemp("land")
    draw = random.Random(seed)
    first = land(folder / "first.parquet", [rows(2_000, draw)], NOTHING)
    chosen = grid(CONTRACT, first.path, dataset="erp.orders")
    batches = [rows(size, draw) for size in sizes]
    landing = land(folder / "second.parquet", batches, chosen)
    assert landing.profile == profile(CONTRACT, chosen, landing.path)
    assert landing.profile.rows == sum(sizes)
    (weight,) = (c for c in landing.profile.columns if c.column == "weight")
    values = [v for one in batches for v in one["weight"].to_pylist()]
    assert weight.missing == sum(v is None or v != v for v in values)  # noqa: PLR0124 - NaN


@pytest.mark.parametrize("dtype", TYPES, ids=str)
def test_a_column_of_any_type_is_counted_as_it_is_in_the_file(tmp_path: Path, dtype: type) -> None:
    held = contract(price=pandera.Column(dtype, nullable=True, description="of any type"))
    schema = pa.schema([*arrow_schema(held.schema), pa.field(RESCUED, pa.string())])
    kind = schema.field("price").type
    values = [0, 1, 1, None, 3] if pa.types.is_integer(kind) else [None] * 5
    arrays = [
        pa.array(values, kind) if field.name == "price" else pa.nulls(5, field.type)
        for field in schema
    ]
    numbers = Numbers(edges=("1",), counts=(0, 0), mean=None, sd=None)
    only = ColumnProfile(column="price", type=str(kind), missing=None, numbers=numbers)
    chosen = Profile(dataset="erp.orders", rows=0, columns=(only,))
    batch = pa.record_batch(arrays, schema=schema)
    landing = land(tmp_path / "x.parquet", [batch], chosen, held, schema)
    assert landing.profile == profile(held, chosen, landing.path)


@given(sizes=st.lists(st.integers(0, 3_000), max_size=4))
def test_the_digest_taken_while_writing_is_that_of_the_file(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int]
) -> None:
    path = tmp_path_factory.mktemp("land") / "x.parquet"
    batches = [rows(size, random.Random(size)) for size in sizes]
    landing = land(path, batches, NOTHING)
    assert landing.sha256 == sha256(path.read_bytes()).hexdigest()


def test_a_file_that_is_there_already_is_neither_written_nor_removed(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    path.write_text("somebody's")
    with pytest.raises(FileExistsError):
        land(path, [rows(1, random.Random(1))], NOTHING)
    assert path.read_text() == "somebody's"
