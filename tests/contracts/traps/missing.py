"""Null, NaN, infinity, zero with a sign, and tables without rows."""

from __future__ import annotations

from math import inf, nan

import pandera.polars as pa
import polars as pl

from contracts.rules import Kind
from tests.contracts.traps.trap import a, b, one, own, two, x

_ENDS = {"include_min": False, "include_max": False}
TRAPS = (
    one("null: ge(0)", pl.Int64, [1, None, -1], pa.Check.ge(0), 1),
    one(
        "null: ge(0), ignore_na=False", pl.Int64, [1, None, -1], pa.Check.ge(0, ignore_na=False), 2
    ),
    one("null: eq", pl.Int64, [1, None, 2], pa.Check.eq(1), 1),
    one("null: ne", pl.Int64, [1, None, 2], pa.Check.ne(1), 1),
    one(
        "null: in_range, ends excluded",
        pl.Int64,
        [0, 5, 10, None],
        pa.Check.in_range(0, 10, **_ENDS),
        2,
    ),
    one("null: isin", pl.Int64, [1, None, 3], pa.Check.isin([1, 2]), 1),
    one("null: notin", pl.Int64, [1, None, 3], pa.Check.notin([1]), 1),
    one("null: str_matches", pl.String, ["ab", None, "ba"], pa.Check.str_matches("^a"), 1),
    one("null: str_length", pl.String, ["ab", None, "abc", ""], pa.Check.str_length(1, 2), 2),
    two(
        "null: own check a>b",
        (pl.Int64, [2, None, 1, 3]),
        (pl.Int64, [1, 1, 2, None]),
        own(a > b),
        1,
    ),
    one("null: own check with ~", pl.Int64, [2, None, 0], own(~(x > 1)), 1),
    one("empty text is no null (not_null)", pl.String, ["", None, "a"], Kind.NOT_NULL, 1),
    one("empty text: str_length(1)", pl.String, ["", "a", None], pa.Check.str_length(1), 1),
    one("NaN: ge(0)", pl.Float64, [1.0, nan, -1.0, -2.0], pa.Check.ge(0), 2),
    one("NaN: le(4)", pl.Float64, [1.0, nan, 5.0], pa.Check.le(4), 1),
    one("NaN: isin", pl.Float64, [1.0, nan, 3.0], pa.Check.isin([1.0]), 1),
    one("NaN: not_null", pl.Float64, [1.0, nan, None], Kind.NOT_NULL, 2),
    one("NaN: unique", pl.Float64, [1.0, 1.0, nan, nan], Kind.UNIQUE, 2),
    one("inf: in_range(0,1e308)", pl.Float64, [1.0, inf, 0.0], pa.Check.in_range(0, 1e308), 1),
    one("inf bound: lt(inf)", pl.Float64, [1.0, inf], pa.Check.lt(inf), 1),
    one("-0.0 and 0.0: unique", pl.Float64, [0.0, -0.0, 1.0], Kind.UNIQUE, 2),
    one("empty table: ge", pl.Int64, [], pa.Check.ge(0), 0),
    one("empty table: unique", pl.Int64, [], Kind.UNIQUE, 0),
    one("unique with nulls", pl.Int64, [1, 1, None, None], Kind.UNIQUE, 2),
    two(
        "joint unique with nulls",
        (pl.Int64, [1, 1, 1, 1]),
        (pl.Int64, [None, None, 2, 2]),
        Kind.UNIQUE,
        2,
    ),
    two(
        "joint unique: texts that run together",
        (pl.String, ["ab", "a"]),
        (pl.String, ["c", "bc"]),
        Kind.UNIQUE,
        0,
    ),
)
