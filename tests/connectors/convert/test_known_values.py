"""Values known to fit, and values known to be rescued as they came."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pyarrow as pa
import pytest

from tests.connectors.convert.values import (
    INSTANT,
    LOCAL,
    LOCAL_NOON,
    MONEY,
    column,
)


@pytest.mark.parametrize(
    ("text", "wanted", "value"),
    [
        ("9007199254740993", pa.int64(), 9007199254740993),
        ("1.230", MONEY, Decimal("1.23")),
        ("NA", pa.string(), "NA"),
        ("007", pa.string(), "007"),
        ("", pa.string(), ""),
        ("0001-01-01", pa.date32(), date(1, 1, 1)),
        ("2026-11-20T13:05:00Z", INSTANT, datetime(2026, 11, 20, 13, 5, tzinfo=UTC)),
        ("2026-11-20 13:05:00.1+00", INSTANT, datetime(2026, 11, 20, 13, 5, 0, 10**5, tzinfo=UTC)),
        ("2026-11-20T13:05:00+02:00", INSTANT, datetime(2026, 11, 20, 11, 5, tzinfo=UTC)),
    ],
)
def test_known_good_writings_fit(text: str, wanted: pa.DataType, value: object) -> None:
    assert column([text], wanted) == ([value], [None])


@pytest.mark.parametrize(
    ("came", "wanted"),
    [
        ("1.0", pa.int64()),
        ("1.5", pa.int64()),
        (1.5, pa.int64()),
        ("0x1F", pa.int64()),
        ("9223372036854775808", pa.int64()),
        (True, pa.int64()),
        ("1.234", MONEY),
        ("353682383072505843754168036181241953675664216", pa.decimal128(38, 0)),
        ("670571834076727539753184178694398132", pa.decimal128(38, 10)),
        ("5.616017647398946911188E-20", MONEY),
        ("NaN", MONEY),
        ("Infinity", MONEY),
        (1.1, MONEY),
        ("9007199254740993", pa.float64()),
        ("NaN", pa.float64()),
        (2**53 + 1, pa.float64()),
        ("1e-400", pa.float64()),
        ("1e400", pa.float64()),
        ("infinity", INSTANT),
        ("2026-11-20", INSTANT),
        ("2026-11-20T13:05:00", INSTANT),
        ("2026-11-20", LOCAL),
        ("2026-02-30", pa.date32()),
        ("20/11/2026", pa.date32()),
        (7, pa.string()),
    ],
)
def test_known_bad_values_stand_in_rescued_as_they_came(came: object, wanted: pa.DataType) -> None:
    assert column([came], wanted) == ([None], [{"c": came}])


@pytest.mark.parametrize(
    ("came", "told"),
    [
        (float("nan"), "nan"),
        (Decimal("NaN"), "NaN"),
        (LOCAL_NOON, "2026-01-01 12:00:00"),
    ],
)
def test_what_json_cannot_hold_is_rescued_as_text(came: object, told: str) -> None:
    assert column([came], MONEY) == ([None], [{"c": told}])


def test_an_instant_without_zone_is_never_taken_for_utc() -> None:
    aware = datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=2)))
    values, rescued = column([LOCAL_NOON, aware, None], INSTANT)
    assert values == [None, aware, None]
    assert [bool(row) for row in rescued] == [True, False, False]


def test_a_decimal_too_large_for_another_scale_is_not_wrapped_around() -> None:
    """Arrow casts it without an error, to 3860640443940387037305487656.102719488."""
    came = Decimal(342061026713474652752284703810301720)
    assert column([came], pa.decimal128(38, 10))[0] == [None]
