"""Whole numbers and decimals beyond a double, bounds of another type, wrapping, division."""

from __future__ import annotations

from decimal import Decimal

import pandera.polars as pa
import polars as pl

from tests.contracts.traps.trap import a, b, one, own, two, x

_BEYOND = 2**53
_TENTHS = [Decimal("0.10"), Decimal("0.11")]
_WIDE = [Decimal("9999999999999999999999999999.9999999998")]
_WIDER = [*_WIDE, Decimal("9999999999999999999999999999.9999999999")]
TRAPS = (
    one(
        "int beyond 2^53, int bound",
        pl.Int64,
        [_BEYOND + 1, _BEYOND],
        pa.Check.le(_BEYOND),
        1,
    ),
    one(
        "int beyond 2^53, float bound",
        pl.Int64,
        [_BEYOND + 1, _BEYOND],
        pa.Check.le(float(_BEYOND)),
        1,
    ),
    one(
        "decimal beyond 2^53, int bound",
        pl.Decimal(20, 0),
        [Decimal(_BEYOND + 1), Decimal(_BEYOND)],
        pa.Check.le(_BEYOND),
        1,
    ),
    one(
        "decimal beyond 2^53, decimal bound",
        pl.Decimal(20, 2),
        [Decimal("9007199254740992.51"), Decimal("9007199254740992.50")],
        pa.Check.le(Decimal("9007199254740992.5")),
        1,
    ),
    one(
        "decimal(12,2), bound of finer scale",
        pl.Decimal(12, 2),
        _TENTHS,
        pa.Check.le(Decimal("0.105")),
        1,
    ),
    one("decimal(12,2), float bound 0.1", pl.Decimal(12, 2), _TENTHS, pa.Check.le(0.1), 1),
    one(
        "decimal(12,2), isin 0.1",
        pl.Decimal(12, 2),
        _TENTHS,
        pa.Check.isin([Decimal("0.1")]),
        1,
    ),
    one("decimal(38,10), large", pl.Decimal(38, 10), _WIDER, pa.Check.le(_WIDE[0]), 1),
    one("float32, bound 0.1", pl.Float32, [0.1, 0.2], pa.Check.le(0.1), 1),
    one("float64 eq 0.1+0.2", pl.Float64, [0.1 + 0.2, 0.3], pa.Check.eq(0.1 + 0.2), 1),
    one("int8 column, bound 1000", pl.Int8, [1, 127], pa.Check.le(1000), 0),
    one("integer // of negatives (floor)", pl.Int64, [-7, -8], own(x // 2 == -4), 0),
    one("integer % of negatives (floor)", pl.Int64, [-7, -1], own(x % 3 == 2), 0),
    one("integer / is a float", pl.Int64, [3, 2], own(x / 2 > 1.4), 1),
    two("division by 0 is inf", (pl.Int64, [1]), (pl.Int64, [0]), own(a / b > 5), 0),
    one("int64 max + 1 (true sum)", pl.Int64, [2**63 - 1], own(x + 1 > 0), 0),
    one("uint64: ge(-1)", pl.UInt64, [0, 2**64 - 1], pa.Check.ge(-1), 0),
    one("uint64: x - 1 >= 0 (true difference)", pl.UInt64, [5, 0], own(x - 1 >= 0), 1),
    one("uint64: le(2^64-1)", pl.UInt64, [0, 2**64 - 1], pa.Check.le(2**64 - 1), 0),
    one("uint64 max: ge(0)", pl.UInt64, [2**64 - 1], pa.Check.ge(0), 0),
    one("boolean eq True", pl.Boolean, [True, False], pa.Check.eq(True), 1),
    one("boolean isin [False]", pl.Boolean, [True, False, False], pa.Check.isin([False]), 1),
    # Found with the trial, in the engine of that day: it counted fewer.
    one("uint8: 200 + 100 <= 255", pl.UInt8, [200, 100], own(x + 100 <= 255), 1),
    one("int32: 100,000 squared", pl.Int32, [100_000, 2], own(x * x <= 2_000_000_000), 1),
    two(
        "decimals multiplied to a finer scale",
        (pl.Decimal(12, 2), [Decimal("0.05")]),
        (pl.Decimal(12, 2), [Decimal("0.05")]),
        own(a * b < Decimal("0.0030")),
        0,
    ),
)
