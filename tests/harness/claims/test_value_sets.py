"""Types are compared by the values that they hold, whatever a source calls them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.claims.value_sets import value_set

WORDS = st.one_of(
    st.sampled_from(["integer", "bigint", "int8", "uint32", "real", "double", "text", "date"]),
    st.builds("numeric({}, {})".format, st.integers(1, 40), st.integers(-3, 40)),
    st.builds("varchar({})".format, st.integers(1, 300)),
    st.builds("timestamp(UTC, {})".format, st.sampled_from(["seconds", "nanoseconds"])),
    st.builds("timestamp({}) with time zone".format, st.integers(0, 6)),
    st.text(max_size=20),
)


@pytest.mark.parametrize(
    ("larger", "smaller"),
    [
        ("bigint", "integer"),
        ("int64", "uint32"),
        ("numeric(10, 0)", "integer"),
        ("numeric(12, 2)", "integer"),
        ("numeric", "numeric(30, 10)"),
        ("double", "int32"),
        ("double precision", "real"),
        ("int32", "int(16, unsigned)"),
        ("text", "varchar(10)"),
        ("numeric(3, 5)", "numeric(2, 5)"),
        ("integer", "numeric(9, 0)"),
        ("timestamp(UTC, microseconds)", "timestamp(UTC, milliseconds)"),
        ("timestamp with time zone", "timestamp(3) with time zone"),
        ("bigint[]", "integer[]"),
        ("odd (bigint)", "odd (integer)"),
        ("interval(9)", "interval(3)"),
    ],
)
def test_one_type_holds_all_values_of_another_and_more(larger: str, smaller: str) -> None:
    assert value_set(larger).holds(value_set(smaller))
    assert not value_set(smaller).holds(value_set(larger))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("double", "bigint"),
        ("real", "integer"),
        ("numeric(12, 2)", "numeric(12, 4)"),
        ("numeric(20, 0)", "double"),
        ("int8", "int(8, unsigned)"),
        ("timestamp(UTC, nanoseconds)", "timestamp(UTC, microseconds)"),
        ("timestamp with time zone", "timestamp"),
        ("date", "timestamp"),
        ("char(10)", "varchar(10)"),
        ("uuid", "text"),
    ],
)
def test_neither_holds_all_values_of_the_other(one: str, other: str) -> None:
    assert not value_set(one).holds(value_set(other))
    assert not value_set(other).holds(value_set(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("text", "varchar"),
        ("timestamp(us, UTC)", "timestamp with time zone"),
        ("timestamp(UTC, microseconds)", "timestamptz"),
        ("decimal(12, 2)", "numeric(12, 2)"),
        ("int64", "bigint"),
        ("int32", "integer"),
        ("float64", "double precision"),
    ],
)
def test_two_names_of_one_type(one: str, other: str) -> None:
    assert value_set(one) == value_set(other)


@given(WORDS)
def test_a_type_holds_its_own_values(words: str) -> None:
    assert value_set(words).holds(value_set(words))


@given(WORDS, WORDS, WORDS)
def test_what_holds_a_holder_holds_what_that_holds(one: str, other: str, third: str) -> None:
    a, b, c = map(value_set, (one, other, third))
    if a.holds(b) and b.holds(c):
        assert a.holds(c)


@pytest.mark.parametrize(
    "words",
    [
        "numeric(2147483647, 0)",
        "numeric(5, -2147483648)",
        f"numeric({'9' * 5_000})",
        "int(2147483647, signed)",
        "a (" * 5_000,
        "[]" * 5_000,
        "",
        "()",
    ],
)
def test_what_a_hostile_source_declares_takes_no_time(words: str) -> None:
    assert value_set(words).holds(value_set(words))
