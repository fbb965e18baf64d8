"""Bounds of built-in checks against Python's exact arithmetic."""

from __future__ import annotations

import math
import operator
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal, localcontext
from typing import Any

import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.bounds import argument_problems
from contracts.digest import digest
from contracts.engines.answer import count_failures
from contracts.engines.strict import NotRun
from tests.contracts.landed import contract

COMPARE = {
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
    "eq": operator.eq,
    "ne": operator.ne,
}
TYPES: dict[Any, tuple[int, int]] = {
    pl.Int8(): (-(2**7), 2**7 - 1),
    pl.Int64(): (-(2**63), 2**63 - 1),
    pl.UInt32(): (0, 2**32 - 1),
    pl.UInt64(): (0, 2**64 - 1),
}
NINES = 10**38 - 1
bounds = (
    st.integers(-NINES, NINES)
    | st.integers(-(2**70), 2**70)
    | st.integers(-(10**22), 10**22).map(float)
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(2**65), max_value=2**65)
)


@pytest.mark.parametrize("name", COMPARE)
@given(st.data())
def test_a_bound_is_compared_as_python_compares_it_with_whole_numbers(name, data):
    dtype, (low, high) = data.draw(st.sampled_from(list(TYPES.items())))
    values = data.draw(st.lists(st.integers(low, high) | st.sampled_from([low, high]), min_size=1))
    near = st.sampled_from(values)
    bound = data.draw(bounds | near | near.map(Decimal) | near.map(lambda n: n + Decimal("0.5")))
    told(name, values, bound, dtype)


@pytest.mark.parametrize("name", COMPARE)
@given(st.data())
def test_a_bound_is_compared_as_python_compares_it_with_decimals(name, data):
    digits, scale = data.draw(st.sampled_from([(12, 2), (38, 10), (38, 0), (18, 18), (38, 38)]))
    most = 10**digits - 1
    with localcontext(Context(prec=80)):
        drawn = data.draw(st.lists(st.integers(-most, most), min_size=1))
        values = [Decimal(n).scaleb(-scale) for n in drawn]
        near = st.sampled_from(values)
        told(name, values, data.draw(bounds | near | near.map(int)), pl.Decimal(digits, scale))


def told(name: str, values: list[Any], bound: Any, dtype: pl.DataType) -> None:
    """Either the verdict is Python's, or the bound is refused."""
    check = getattr(pa.Check, name)(bound)
    if list(argument_problems(check, (dtype,))):
        assert not isinstance(bound, int) or abs(bound) > NINES
        return
    frame = pl.DataFrame({"x": series(values, dtype)})
    expected = sum(not COMPARE[name](value, bound) for value in values)
    assert count_failures(check, "x", frame) == expected


def series(values: list[Any], dtype: pl.DataType) -> pl.Series:
    if dtype.is_decimal():
        return pl.Series([f"{Decimal(v):f}" for v in values], dtype=pl.String).cast(dtype)
    return pl.Series(values, dtype=dtype)


@given(
    st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1),
    st.lists(st.integers(-(2**66), 2**66), min_size=1),
)
def test_a_list_is_compared_as_python_compares_it(values, listed):
    listed = [*listed, values[0]]
    frame = pl.DataFrame({"x": pl.Series(values, dtype=pl.Int64)})
    for allowed in (listed, list(map(Decimal, listed))):
        expected = sum(value not in listed for value in values)
        assert count_failures(pa.Check.isin(allowed), "x", frame) == expected
        assert count_failures(pa.Check.notin(allowed), "x", frame) == len(values) - expected


hundredths = st.decimals(-(10**6), 10**6, places=2)


@given(st.lists(hundredths, min_size=1), st.lists(bounds, max_size=4))
def test_a_list_is_compared_as_python_compares_it_with_decimals(values, listed):
    listed = [*listed, values[0], values[-1] + Decimal("0.001")]
    frame = pl.DataFrame({"x": series(values, pl.Decimal(12, 2))})
    if list(argument_problems(pa.Check.isin(listed), (pl.Decimal(12, 2),))):
        return
    expected = sum(value not in listed for value in values)
    assert count_failures(pa.Check.isin(listed), "x", frame) == expected


def test_a_listed_decimal_that_is_finer_hides_no_other():
    """polars alone finds 1000 in no list that holds a number of 17 digits after the point."""
    frame = pl.DataFrame({"x": series([Decimal(1000)], pl.Decimal(12, 2))})
    listed = [Decimal("9.99999999999999990E-18"), Decimal(1000)]
    assert count_failures(pa.Check.isin(listed), "x", frame) == 0
    assert frame.select(pl.col("x").is_in(listed)).item() is False


@pytest.mark.parametrize(
    "dtype",
    [pl.Int8(), pl.Decimal(12, 2), pl.Float32(), pl.String(), pl.Date(), pl.Datetime("ns", "UTC")],
    ids=str,
)
def test_a_list_of_nothing_allows_nothing(dtype):
    frame = pl.DataFrame({"x": pl.Series([0, 1], dtype=pl.Int64).cast(dtype)})
    assert count_failures(pa.Check.isin([]), "x", frame) == 2
    assert count_failures(pa.Check.notin([]), "x", frame) == 0


def test_a_listed_float_is_the_one_that_the_column_holds():
    frame = pl.DataFrame({"x": pl.Series([0.1, 0.5], dtype=pl.Float32)})
    assert count_failures(pa.Check.isin([0.1, 2]), "x", frame) == 1
    assert count_failures(pa.Check.eq(0.1), "x", frame) == 1


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (pa.Check.in_range(0, 1e18), 1_000_000_000_000_000_063),
        (pa.Check.lt(1e16), 10**16),
        (pa.Check.isin([1.0, 2.0]), 3),
    ],
    ids=str,
)
@pytest.mark.parametrize("dtype", [pl.Int64(), pl.Decimal(38, 0)])
def test_a_whole_float_is_the_whole_number_it_is(check, value, dtype):
    frame = pl.DataFrame({"x": series([value], dtype)})
    assert count_failures(check, "x", frame) == 1


def test_a_value_just_below_a_whole_float_passes():
    frame = pl.DataFrame({"x": [9_999_999_999_999_999]})
    assert count_failures(pa.Check.lt(1e16), "x", frame) == 0
    assert frame.select(pl.col("x") < 1e16).item() is False  # polars alone: why there is a guard


def test_a_float_keeps_its_place_in_the_digest():
    """What is judged exactly is still the contract that was written."""
    of = {
        bound: digest(contract(key=pa.Column(pl.Int64, pa.Check.le(bound), description="n")))
        for bound in (1e18, 10**18 + 1)
    }
    exact = digest(contract(key=pa.Column(pl.Int64, pa.Check.le(10**18), description="n")))
    assert of[1e18] != exact


START = datetime.fromisoformat("2026-01-01T00:00:00")


@pytest.mark.parametrize("zone", [None, "UTC"])
@pytest.mark.parametrize("nanoseconds", [-1, 0, 1])
def test_nanoseconds_are_not_cut_before_they_are_compared(zone, nanoseconds):
    since = int(START.replace(tzinfo=UTC).timestamp()) * 10**9 + nanoseconds
    kind = pl.Datetime("ns", zone)
    frame = pl.DataFrame({"x": pl.Series([since], dtype=pl.Int64).cast(kind)})
    bounds = [START.replace(tzinfo=UTC) if zone else START]
    bounds += [] if zone else [START.date()]
    for bound in bounds:
        for name, compare in COMPARE.items():
            expected = not compare(nanoseconds, 0)
            assert count_failures(getattr(pa.Check, name)(bound), "x", frame) == expected


REFUSED: dict[str, tuple[pa.Check, pl.DataType]] = {
    "its bound 0.5 is a float": (pa.Check.gt(0.5), pl.Int64()),
    "give Decimal('0.1') or a whole": (pa.Check.in_range(0, 0.1), pl.Decimal(12, 2)),
    "its bound 1e+23 is a float": (pa.Check.lt(1e23), pl.Decimal(38, 0)),
    "its bound 0.3 is a float": (pa.Check.isin([0.3]), pl.Decimal(12, 2)),
    "its bound nan is no finite": (pa.Check.ge(math.nan), pl.Float64()),
    "its bound inf is no finite": (pa.Check.lt(math.inf), pl.Int64()),
    "its bound -inf is no finite": (pa.Check.gt(-math.inf), pl.Float64()),
    "is no finite number": (pa.Check.eq(Decimal("NaN")), pl.Decimal(12, 2)),
    "has more than 38 digits": (pa.Check.lt(10**38), pl.Decimal(12, 2)),
    "has more than 38": (pa.Check.lt(Decimal("0." + "1" * 39)), pl.Decimal(12, 2)),
    "is held by no Float64 exactly": (pa.Check.ge(2**53 + 1), pl.Float64()),
    "is held by no Float32 exactly": (pa.Check.ge(2**24 + 1), pl.Float32()),
    "does not fit the type Int64: give whole": (pa.Check.isin(["1"]), pl.Int64()),
    "does not fit the type Int64": (pa.Check.ge(date(2026, 1, 1)), pl.Int64()),
    "True does not fit the type Int64": (pa.Check.eq(value=True), pl.Int64()),
    "does not fit the type Date": (pa.Check.ge(5), pl.Date()),
    "does not fit the type String: give texts": (pa.Check.eq(5), pl.String()),
    "does not fit the type Boolean: give True": (pa.Check.eq(1), pl.Boolean()),
    "give whole milliseconds": (pa.Check.lt(START + timedelta(microseconds=7)), pl.Datetime("ms")),
    "give a year from 1678 to 2261": (pa.Check.lt(START.replace(year=9999)), pl.Datetime("ns")),
}


@pytest.mark.parametrize(("says", "given"), REFUSED.items(), ids=REFUSED)
def test_a_bound_that_would_be_another_one_is_refused(says, given):
    check, dtype = given
    [problem] = argument_problems(check, (dtype,))
    assert says in problem


@pytest.mark.parametrize(
    ("check", "told"),
    [
        (pa.Check.isin("text"), "it takes a list: write isin([…])"),
        (pa.Check.notin("text"), "it takes a list: write notin([…])"),
        (pa.Check.isin(range(3)), "it takes a list: write isin([…])"),
        (
            pa.Check.str_startswith(("a", "b")),
            'its argument is of type tuple: give a text, as "a"',
        ),
        (pa.Check.str_endswith(5), 'its argument is of type int: give a text, as "a"'),
        (pa.Check.str_length(1.5), "its argument is of type float: give whole numbers, as 5"),
    ],
    ids=str,
)
def test_an_argument_that_is_no_list_or_no_text_is_refused(check: pa.Check, told: str) -> None:
    """polars reads a text where a list belongs as a column's name, and finds each value there."""
    frame = pl.DataFrame({"text": ["a", "b"]})
    assert list(argument_problems(check, (pl.String(),))) == [told]
    with pytest.raises(NotRun, match=re.escape(told)):
        count_failures(check, "text", frame)
