"""Prices are TPC-H's at the smallest scale, and the same prices at any other."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from estate.data import generate, wait_for
from estate.unit_price import PARTS, unit_price


@pytest.fixture(scope="module")
def tpch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tpch") / "tables"
    wait_for(generate(folder, scale=0.01))
    return folder


def test_every_part_costs_what_tpch_says(tpch: Path) -> None:
    parts = pq.read_table(tpch / "part.parquet", columns=["p_partkey", "p_retailprice"])
    assert parts.num_rows == PARTS
    assert unit_price(parts["p_partkey"]).to_pylist() == parts["p_retailprice"].to_pylist()


def test_a_line_costs_its_quantity_of_parts(tpch: Path) -> None:
    money = pa.decimal128(12, 2)
    columns = ["l_partkey", "l_quantity", "l_extendedprice"]
    lines = pq.read_table(tpch / "lineitem.parquet", columns=columns)
    quantity = lines["l_quantity"].cast(money)
    cost = pc.multiply(quantity, unit_price(lines["l_partkey"])).cast(money)
    assert pc.all(pc.equal(cost, lines["l_extendedprice"].cast(money))).as_py()


def test_more_parts_have_no_other_prices() -> None:
    few, many = (
        pa.chunked_array([list(range(1, PARTS * times + 1))], pa.int64()) for times in (1, 100)
    )
    assert set(unit_price(few).to_pylist()) == set(unit_price(many).to_pylist())
