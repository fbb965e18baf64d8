"""Numbers in a contract's own check never wrap unseen; each case wraps in polars alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.engines.answer import count_failures
from contracts.engines.strict import NotRun

X, Y = pl.col("x"), pl.col("y")
TOP = 2**63 - 1
LONG = pl.lit(timedelta(days=99_999)).cast(pl.Duration("ns"))


def judge(expression: pl.Expr, frame: pl.DataFrame) -> int:
    check = pa.Check(lambda data: data.lazyframe.select(expression), name="own")
    return count_failures(check, None, frame)


def whole(dtype: Any, *values: int) -> pl.DataFrame:
    return pl.DataFrame({"x": pl.Series(values, dtype=dtype)})


def cents(*texts: str) -> pl.DataFrame:
    return pl.DataFrame({"x": pl.Series(texts, dtype=pl.String).cast(pl.Decimal(12, 2))})


def at(unit: Any, *texts: str) -> pl.DataFrame:
    times = [datetime.fromisoformat(text) for text in texts]
    return pl.DataFrame({"x": pl.Series(times, dtype=pl.Datetime(unit))})


WRAPS: dict[str, tuple[pl.Expr, pl.DataFrame]] = {
    "minus, unsigned": (X - 1 >= 0, whole(pl.UInt64, 5, 0)),
    "plus": (X + 100 <= 255, whole(pl.UInt8, 200, 1)),
    "times": (X * X <= 2_000_000_000, whole(pl.Int32, 100_000, 2)),
    "minus, 64 bits": (X - 1 < 0, whole(pl.Int64, -(2**63))),
    "minus, unsigned 128 bits": (X * X * 4 < 0, whole(pl.UInt64, 2**64 - 1)),
    "times, 128 bits": (X.cast(pl.Int128) * X * X >= 0, whole(pl.Int64, TOP)),
    "of a cast": (X.cast(pl.Int64) * X.cast(pl.Int64) > 0, whole(pl.UInt64, 2**62)),
    "of a division": (X // -1 <= 0, whole(pl.Int64, -(2**63))),
    "of a length": (X.cast(pl.String).str.len_chars() - 3 >= 0, whole(pl.Int64, 5)),
    "of a month": (X.dt.month() * 100 + X.dt.day() > 0, at("us", "2026-12-31")),
    "of a number of rows": (pl.len() - 10 >= 0, whole(pl.Int64, 1)),
    "of distinct values": (X.n_unique() - 5 > 0, whole(pl.Int64, 1)),
    "sum": (X.sum() > 0, whole(pl.Int64, TOP, 5)),
    "sum in groups": (X.sum().over(X > 0) > 0, whole(pl.Int64, TOP, 5)),
    "sum of products": (X.dot(X) >= 0, whole(pl.Int64, TOP, TOP)),
    "running sum": (X.cum_sum() > 0, whole(pl.Int64, TOP, 5)),
    "sum across": (pl.sum_horizontal("x", "x") > 0, whole(pl.Int64, TOP)),
    "difference": (X.diff().fill_null(1) > 0, whole(pl.Int64, TOP, -5)),
    "size": (X.abs() >= 0, whole(pl.Int64, -(2**63))),
    "negation": (-X > 0, whole(pl.Int64, -(2**63))),
    "inside a condition": (pl.when(X > 0).then(X + 1).otherwise(0) >= 0, whole(pl.Int64, TOP)),
    "time apart": (X.max() - X.min() > timedelta(), at("ns", "1700-01-01", "2262-01-01")),
    "time added": (X + LONG > X, at("ns", "2262-01-01")),
    "duration times": ((X - datetime(2, 1, 1)) * 10**6 > timedelta(), at("us", "2026-01-01")),  # noqa: DTZ001 - a local time
    "durations": (
        (X - X.min()).sum() > timedelta(),
        at("ns", *["1700-01-01"] + ["1990-01-01"] * 2),
    ),
    "a product of decimals": (X * X <= 0, cents("0.05", "0.10")),
    "a product of decimals of two scales": (X * Decimal("0.125") > 0, cents("0.01")),
    "a product of large decimals": (X * X * X * X > 0, cents("999999999.00")),
    "between floats": (X.is_between(0, 1e18), whole(pl.Int64, 10**18 + 63)),
    "as good as a float": (X.eq_missing(1e18), whole(pl.Int64, 10**18 + 63)),
    "against a float": (X * 2 < 2e16, whole(pl.Int64, 10**16 - 1)),
}


@pytest.mark.parametrize(("expression", "frame"), WRAPS.values(), ids=WRAPS)
def test_a_number_that_outgrows_its_type_is_not_run(expression, frame):
    with pytest.raises(NotRun, match="cast first"):
        judge(expression, frame)


@pytest.mark.parametrize("name", ["minus, unsigned", "plus", "times", "of a length", "of a month"])
def test_polars_alone_lets_it_wrap(name):
    """The positive control: without the guard a wrapped number decides."""
    expression, frame = WRAPS[name]
    wrong = frame.select(expression).to_series().to_list()
    assert wrong == {"of a month": [False]}.get(name, [True] * frame.height)


def test_a_step_before_the_answer_is_watched_too():
    check = pa.Check(lambda d: d.lazyframe.with_columns(y=X - 1).select(Y >= 0), name="own")
    with pytest.raises(NotRun, match="cast first"):
        count_failures(check, "x", whole(pl.UInt64, 0))
    inside = pa.Check(lambda d: d.lazyframe.filter(X - 1 >= 0).select(pl.len() > 0), name="own")
    with pytest.raises(NotRun, match="cast first"):
        count_failures(inside, "x", whole(pl.UInt64, 0))


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        (X**3 > 0, "Pow may wrap unseen on whole numbers: write x"),
        (X.product() > 0, "Product may wrap"),
        (X.cum_prod() > 0, "CumProd may wrap"),
        (X.rolling_sum(1) > 0, "RollingExpr.Sum may wrap"),
        (pl.concat_list(X, X).list.sum() > 0, "ListExpr.Sum may wrap"),
        (pl.duration(days=X) > timedelta(), "TemporalExpr.Duration may wrap"),
        ((X * timedelta(1)).dt.total_nanoseconds() > 0, "TotalNanoseconds may wrap"),
        (X.cast(pl.Decimal(12, 2)) / 3 > 0, "divides decimals to their scale"),
        (pl.all() * 2 > 0, "several columns at once"),
    ],
)
def test_what_could_wrap_in_128_bits_says_what_to_write(expression, says):
    frame = whole(pl.Int64, 2).with_columns(y=X)
    with pytest.raises(NotRun, match=says):
        judge(expression, frame)


FITS: dict[str, tuple[pl.Expr, pl.DataFrame, int]] = {
    "cast first": (X.cast(pl.Int128) - 1 >= 0, whole(pl.UInt64, 5, 0), 1),
    "cast and multiplied": (
        X.cast(pl.Int128) * X <= 2_000_000_000,
        whole(pl.Int32, 100_000, 2),
        1,
    ),
    "the least of two": (X.rolling_min(2, min_samples=1) > 1, whole(pl.Int64, 2, 1), 1),
    "between whole numbers": (X.is_between(0, 10**18), whole(pl.Int64, 10**18 + 63, 5), 1),
    "a remainder": (X % 2 == 0, whole(pl.Int64, 1, 2, TOP), 2),
    "floats": (X.cast(pl.Float64) ** 3 > 0, whole(pl.Int64, 5, -5), 1),
    "text": (X.cast(pl.String) + "a" == "5a", whole(pl.Int64, 5, 6), 1),
    "days": (X + timedelta(days=1) > date(2026, 1, 1), at("us", "2026-01-01", "2025-01-01"), 1),
    "decimals with room": (X.cast(pl.Decimal(38, 4)) * X > 0, cents("0.05", "0.00"), 1),
    "whole decimals": (X * X == 9, cents("3.00", "2.50"), 1),
    "a decimal times a number": (Decimal("0.15") == X * 3, cents("0.05"), 0),
    "days of a number": (X * timedelta(days=1) > timedelta(days=2), whole(pl.Int64, 2, 3), 1),
    "a float of few digits": (X * 2 <= 2e9, whole(pl.Int64, 10**9, 10**9 + 1), 1),
}


@pytest.mark.parametrize(("expression", "frame", "failed"), FITS.values(), ids=FITS)
def test_what_fits_is_judged(expression, frame, failed):
    assert judge(expression, frame) == failed


numbers = st.lists(st.integers(-(2**63), TOP) | st.integers(-9, 9), min_size=1, max_size=5)


@given(numbers, st.integers(-9, 9), st.integers(-(2**62), 2**62))
def test_an_answer_is_that_of_exact_arithmetic_or_none(values, factor, bound):
    expression = X * factor - X + 3 <= bound
    exact = [value * factor - value + 3 <= bound for value in values]
    try:
        failed = judge(expression, whole(pl.Int64, *values))
    except NotRun:
        assert any(abs(value) * (abs(factor) + 1) + 3 > TOP for value in values)
    else:
        assert failed == exact.count(False)


@given(
    st.lists(st.integers(-(2**62), 2**62), min_size=1, max_size=4), st.integers(-(2**62), 2**62)
)
def test_times_apart_are_those_of_exact_arithmetic_or_none(values, start):
    """In nanoseconds 292 years fill the type."""
    times = whole(pl.Int64, *values).select(X.cast(pl.Datetime("ns")))
    apart = X - pl.lit(start).cast(pl.Datetime("ns")) >= pl.lit(0).cast(pl.Duration("ns"))
    try:
        failed = judge(apart, times)
    except NotRun:
        assert any(not -(2**63) <= value - start <= TOP for value in values)
    else:
        assert failed == sum(value < start for value in values)


@given(st.lists(st.decimals(-999, 999, places=2), min_size=1, max_size=4), st.integers(0, 4))
def test_a_product_of_decimals_is_exact_or_none(values, scale):
    frame = cents(*map(str, values))
    try:
        failed = judge(X.cast(pl.Decimal(38, scale + 2)) * X <= 1, frame)
    except NotRun:
        assert any((value * value * 10 ** (scale + 2)) % 1 for value in values)
    else:
        assert failed == sum(value * value > 1 for value in values)
