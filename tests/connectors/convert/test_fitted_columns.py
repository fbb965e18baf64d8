"""The columns of a batch: in the promised order, others as text, never one with a name of ours."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.connector import RESCUED
from connectors.convert.fit import fit, fitted_schema
from connectors.errors import SourceChanged
from tests.connectors.convert.values import MONEY, TYPES, python_values


def test_columns_stand_in_the_promised_order_then_extra_then_delivery_then_rescued() -> None:
    schema = pa.schema([("a", pa.int8()), ("absent", pa.int8()), ("b", pa.string())])
    batch = fit({"x": [1.5], "b": ["t"], "a": ["1"]}, schema, extra=["x"], delivery="f.csv")
    assert batch.schema == fitted_schema(schema, ["a", "b", "x"], ["x"], has_delivery=True)
    assert batch.to_pylist() == [
        {"a": 1, "b": "t", "x": "1.5", "_delivery": "f.csv", RESCUED: None}
    ]


def test_an_extra_column_is_text_as_it_came() -> None:
    values = ["007", None, True, 2**70, {"z": [1, Decimal("0.10")]}, "\ud800"]
    batch = fit({"x": values}, pa.schema([]), extra=["x"])
    assert batch.column("x").to_pylist() == [
        "007",
        None,
        "true",
        str(2**70),
        '{"z": [1, "0.10"]}',
        "\\ud800",
    ]


def test_an_extra_column_of_arrow_is_text_beyond_what_python_can_hold() -> None:
    """Nanoseconds, on their own and within."""
    nanoseconds = pa.array([1_795_000_000_123_456_789, None], pa.timestamp("ns", "UTC"))
    nested = pa.StructArray.from_arrays([nanoseconds], ["at"])
    batch = fit({"x": nanoseconds, "y": nested}, pa.schema([]), extra=["x", "y"])
    assert batch.select(["x", "y"]).to_pylist() == [
        {
            "x": '"2026-11-18 11:06:40.123456789Z"',
            "y": '{"at": "2026-11-18 11:06:40.123456789Z"}',
        },
        {"x": None, "y": '{"at": null}'},
    ]


def test_a_source_may_not_send_a_column_with_a_name_of_ours() -> None:
    with pytest.raises(SourceChanged, match=r"column _rescued, a name we use: rename it"):
        fit({"_rescued": ["x"]}, pa.schema([]), extra=["_rescued"])


@given(st.lists(python_values), st.sampled_from(TYPES))
def test_no_rows_or_any_rows_have_the_schema_told_beforehand(
    values: list[object], wanted: pa.DataType
) -> None:
    schema = pa.schema([("c", wanted)])
    batch = fit({"c": values}, schema, delivery="d")
    assert batch.schema == fitted_schema(schema, ["c"], has_delivery=True)
    assert batch.num_rows == len(values)
    batch.validate(full=True)


def test_a_column_that_was_rewritten_is_rescued_as_it_was_written() -> None:
    schema = pa.schema([("price", MONEY)])
    batch = fit({"price": ["1.50", "?"]}, schema, as_written={"price": ["1,50", "1.50"]})
    assert batch.column("price").to_pylist() == [Decimal("1.50"), None]
    assert batch.column(RESCUED).to_pylist() == [None, '{"price": "1.50"}']
