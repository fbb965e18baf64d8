"""Values known to fit, and values known to be rescued as they came."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pyarrow as pa
import pytest

from connectors.connector import RESCUED
from connectors.convert.fit import fit
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


LARGEST = 2**64 - 1


@pytest.mark.parametrize(
    ("came", "wanted"),
    [
        ([2**63, LARGEST, None, 0], pa.uint64()),
        ([2**63, -1, None], pa.decimal128(20, 0)),
        ([LARGEST, -(2**70)], pa.decimal128(38, 9)),
    ],
)
@pytest.mark.parametrize("form", ["python", "arrow", "text"])
def test_integers_beyond_an_int64_fit_where_the_type_holds_them(
    came: list[int | None], wanted: pa.DataType, form: str
) -> None:
    values: object = came
    if form == "text":
        values = [None if value is None else str(value) for value in came]
    elif form == "arrow":
        came = [value for value in came if value is None or 0 <= value <= LARGEST]
        values = pa.array(came, pa.uint64())
    assert column(values, wanted) == (came, [None] * len(came))


@pytest.mark.parametrize(
    ("came", "wanted"),
    [
        *(
            (2**63, one)
            for one in (pa.int64(), pa.uint32(), pa.float64(), pa.string(), pa.bool_())
        ),
        *((value, pa.uint64()) for value in (2**64, -1)),
        *((2**64, one) for one in (pa.decimal128(19, 0), pa.decimal128(20, 1))),
    ],
)
def test_integers_that_a_type_does_not_hold_are_rescued(came: int, wanted: pa.DataType) -> None:
    assert column([came, 2**63 if pa.types.is_uint64(wanted) else None], wanted) == (
        [None, 2**63 if pa.types.is_uint64(wanted) else None],
        [{"c": came}, None],
    )


def test_large_integers_beside_values_that_are_none_are_told_apart() -> None:
    assert column([2**63, True, "7", None], pa.uint64()) == (
        [2**63, None, 7, None],
        [None, {"c": True}, None, None],
    )


@pytest.mark.parametrize("wanted", [pa.int64(), MONEY, pa.float64()])
def test_text_that_is_no_notation_fits_text_alone(wanted: pa.DataType) -> None:
    """The bits 101 are no 101."""
    values = {"c": ["101", None]}
    batch = fit(values, pa.schema([("c", wanted)]), only_text=["c"])
    assert batch.to_pylist() == [
        {"c": None, RESCUED: '{"c": "101"}'},
        {"c": None, RESCUED: None},
    ]
    assert fit(values, pa.schema([("c", wanted)])).column("c").null_count == 1, "the control"
    text = fit(values, pa.schema([("c", pa.string())]), only_text=["c"])
    assert text.column("c").to_pylist() == ["101", None]


def test_what_was_made_text_on_the_way_fits_all_but_text() -> None:
    """A date is no text."""
    days = {"c": ["2026-11-20", "infinity", None]}
    text = fit(days, pa.schema([("c", pa.string())]), no_text=["c"])
    assert text.column("c").null_count == 3
    assert text.column(RESCUED).to_pylist() == ['{"c": "2026-11-20"}', '{"c": "infinity"}', None]
    held = fit(days, pa.schema([("c", pa.date32())]), no_text=["c"])
    assert held.column("c").null_count == 2
