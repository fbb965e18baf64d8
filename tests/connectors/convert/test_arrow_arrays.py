"""A column of Arrow is judged value by value: chunked, in part, or of another kind."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from tests.connectors.convert.values import (
    MONEY,
    column,
)


def test_arrow_columns_of_another_kind_are_rescued_whole_and_their_nulls_stay_null() -> None:
    values, rescued = column(pa.array([1, None, 2]), pa.string())
    assert values == [None, None, None]
    assert rescued == [{"c": 1}, None, {"c": 2}]


def test_a_chunked_column_is_one_column() -> None:
    assert column(pa.chunked_array([["1"], ["x", "3"]]), pa.int8()) == (
        [1, None, 3],
        [None, {"c": "x"}, None],
    )


def test_one_bad_row_in_many_is_found_without_touching_the_others() -> None:
    texts = [str(n) for n in range(100_000)]
    texts[77_777] = "77777.0"
    values, rescued = column(pa.array(texts), pa.int32())
    assert rescued.count(None) == len(texts) - 1
    assert rescued[77_777] == {"c": "77777.0"}
    assert values[77_776:77_779] == [77_776, None, 77_778]


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string()], ids=str)
def test_a_part_of_a_text_column_is_judged_by_its_own_values(type_: pa.DataType) -> None:
    texts = pa.array(["0x1F", "7", None, "0X1F", "1E-9"], type_)
    assert column(texts[1:3], pa.int64()) == ([7, None], [None, None])
    assert column(texts[2:4], pa.int64()) == ([None, None], [None, {"c": "0X1F"}])
    assert column(texts[3:], MONEY) == ([None, None], [{"c": "0X1F"}, {"c": "1E-9"}])


def test_decimals_of_a_wider_type_land_where_they_fit() -> None:
    wide = pa.array([Decimal("1.50"), Decimal(10) ** 20, None], pa.decimal128(38, 2))
    assert column(wide, MONEY) == (
        [Decimal("1.50"), None, None],
        [None, {"c": f"{10**20}.00"}, None],
    )
