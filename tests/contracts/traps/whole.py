"""Checks on the whole table, in Python, or with an answer that is for neither rows nor table."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from tests.contracts.traps.trap import asks, one, own, x

TRAPS = (
    one("own check for the whole table", pl.Int64, [1, 2, 3], own(x.sum() < 5), 3),
    one(
        "own check with python (element_wise)",
        pl.Int64,
        [1, 2, 3],
        pa.Check(lambda value: value != 3, element_wise=True, name="not_three"),
        1,
    ),
    one("unique_values_eq", pl.Int64, [1, 2, 2], pa.Check.unique_values_eq([1, 2]), 0),
    one("unique_values_eq, one lacks", pl.Int64, [1, 2], pa.Check.unique_values_eq([1, 2, 3]), 2),
    # Found with the trial, in the engine of that day: absence passed, or one row for all.
    one("mean of nothing", pl.Float64, [None, None], own(x.mean() > 3), None),
    one("highest of nothing", pl.Float64, [None, None], own(x.max() > 3), None),
    one(
        "one row left answers for three",
        pl.Int64,
        [1, 2, 30],
        asks(lambda frame: frame.filter(x > 10).select(x > 20)),
        None,
    ),
    one(
        "two rows left answer for three",
        pl.Int64,
        [1, 20, 30],
        asks(lambda frame: frame.filter(x > 10).select(x > 20)),
        None,
    ),
    one("the first answers for all", pl.Int64, [1, -2, -30], own(x.head(1) > 0), None),
    one("the row before", pl.Int64, [1, 3, 2], own(x >= x.shift(1).fill_null(0)), 1),
    one("against the mean", pl.Int64, [1, 2, 9], own(x <= x.mean()), 1),
    one("in its group", pl.Int64, [1, 1, 2], own(x.count().over(x) == 1), 2),
    one("a number for an answer", pl.Int64, [1, 0], own(x), None),
    one("~ of a number for an answer", pl.Int64, [1, 0], own(~x), None),
    one("one literal for all", pl.Int64, [1, 2], own(pl.lit(value=False)), 2),
)
