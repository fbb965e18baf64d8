"""A sample names a type only where nothing is lost by it."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.convert.cast import cast_exactly
from connectors.convert.sample import described, lands_as, leading_key

INSTANT, LOCAL = pa.timestamp("us", "UTC"), pa.timestamp("us")
WRITTEN = st.one_of(
    st.text(max_size=8),
    st.integers().map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.datetimes().map(lambda at: at.isoformat() + "Z"),
    st.dates().map(str),
    st.sampled_from(["true", "false", "007", "-0", "1e5", "+1", " 1", "0", ".5"]),
)


def text(*values: str | None) -> pa.Array:
    return pa.array(values, pa.string())


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        (["1", "20", "-3", "0", None], pa.int64()),
        (["1", "2.50"], pa.decimal128(18, 2)),
        (["-0.125", "3"], pa.decimal128(18, 3)),
        (["9" * 19], pa.decimal128(38, 0)),
        (["true", "false"], pa.bool_()),
        (["2026-02-28"], pa.date32()),
        (["2026-02-28T01:02:03Z", "2026-02-28 01:02:03.5+01:00"], INSTANT),
        (["2026-02-28T01:02:03"], LOCAL),
        (["2026-02-28", "0000-01-01"], pa.string()),
    ],
)
def test_plain_writings_of_one_kind_name_it(values: list[str | None], type_: pa.DataType) -> None:
    assert lands_as(text(*values)) == type_


@pytest.mark.parametrize(
    "values",
    [
        ["007", "12"],  # leading zeros
        ["1", "x"],
        ["+1"],
        ["1e5"],
        ["2026-02-30"],  # no such day
        ["2026-02-28", "28.02.2026"],
        ["2026-02-28T01:02:03Z", "2026-02-28T01:02:03"],  # with and without a zone
        ["true", "0"],
        ["True"],
        ["9" * 39],
        ["007.50"],
        [" 1"],
        ["1\n"],
        [None],
        [],
        [""],
    ],
)
def test_anything_else_stays_text(values: list[str | None]) -> None:
    assert lands_as(text(*values)) == pa.string()


@given(st.lists(st.none() | WRITTEN, max_size=6))
def test_whatever_the_sample_all_of_it_lands_in_the_type_that_is_named(
    values: list[str | None],
) -> None:
    array = text(*values)
    landed = cast_exactly(array, lands_as(array))
    assert landed.null_count == array.null_count


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        ([1, None], pa.int64()),
        ([1, Decimal("2.50")], pa.decimal128(18, 2)),
        ([Decimal("1E+2")], pa.float64()),
        ([True, None], pa.bool_()),
        (["2026-02-28"], pa.date32()),
        ([1, "1"], pa.string()),
        ([True, 1], pa.string()),
        ([{"a": 1}], pa.string()),
        ([None], pa.string()),
    ],
)
def test_values_of_json_are_taken_as_they_are(values: list[object], type_: pa.DataType) -> None:
    assert lands_as(values) == type_


def test_a_key_is_the_fewest_leading_columns_that_tell_all_rows_apart() -> None:
    assert leading_key({"a": [1, 1, 2], "b": [1, 2, 1], "c": [1, 2, 3]}) == ("a", "b")
    assert leading_key({"a": [1, 2]}) == ("a",)
    assert leading_key({"a": [1, 1], "b": [None, 2]}) == ()  # a key names every row
    assert leading_key({"a": [1]}) == ()  # one row tells nothing
    assert leading_key({"a": [{"x": 1}, {"x": 2}]}) == ("a",)
    assert leading_key({}) == ()


def test_what_is_seen_in_a_sample_is_told_as_that() -> None:
    found = described("file x.csv", {"a": text("1", None), "b": text(None, None)})
    assert [(c.name, c.nullable, c.type) for c in found.columns] == [
        ("a", True, "written as int64"),
        ("b", True, "never a value"),
    ]
    assert (found.sampled_rows, found.key, found.estimated_rows) == (2, (), None)


def test_half_a_character_is_text() -> None:
    assert lands_as(["1", "\ud800"]) == pa.string()
    assert leading_key({"a": ["\ud800", "\ud801"]}) == ("a",)
