"""Exact typing: a value comes back equal, or it is rescued; there is nothing in between."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.connector import RESCUED
from connectors.convert.fit import fit

MONEY = pa.decimal128(12, 2)
INSTANT = pa.timestamp("us", "UTC")
LOCAL = pa.timestamp("us")
LOCAL_NOON = datetime(2026, 1, 1, 12)  # noqa: DTZ001  a time without zone is the point
TYPES = [
    pa.int64(),
    pa.int32(),
    pa.uint8(),
    MONEY,
    pa.decimal128(38, 10),
    pa.float64(),
    pa.float32(),
    pa.bool_(),
    pa.date32(),
    INSTANT,
    LOCAL,
    pa.string(),
    pa.large_string(),
]

instants = st.datetimes(
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7, minutes=30))])
)
written = st.one_of(
    st.text(alphabet="0123456789+-.eExXTZ: ainfNtrue,_", max_size=24),
    st.integers(-(2**65), 2**65).map(str),
    st.decimals(allow_nan=True).map(str),
    st.from_regex(r"[+-]?[0-9]{0,45}(\.[0-9]{0,45})?(e-?[0-9]{1,3})?", fullmatch=True),
    st.floats().map(repr),
    st.dates().map(str),
    instants.map(str),
    instants.map(lambda at: at.isoformat().replace("+00:00", "Z")),
    st.text(max_size=6),
)
python_values = st.one_of(
    st.none(),
    st.integers(-(2**65), 2**65),
    st.decimals(places=2, allow_nan=True),
    st.decimals(),
    st.integers(-(10**70), 10**70).map(Decimal),
    st.floats(),
    st.booleans(),
    st.dates(),
    instants,
    st.datetimes(),
    st.text(max_size=6),
    st.binary(max_size=3),
    st.lists(st.integers(), max_size=2),
)


def column(values: Any, wanted: pa.DataType) -> tuple[list[Any], list[Any]]:
    """The values in their type, and what stands in `_rescued` for each."""
    batch = fit({"c": values}, pa.schema([("c", wanted)]))
    rescued = [
        None if text is None else json.loads(text) for text in batch.column(RESCUED).to_pylist()
    ]
    return batch.column("c").to_pylist(), rescued


def alone(values: Sequence[Any], wanted: pa.DataType) -> tuple[list[Any], list[Any]]:
    pairs = [column([value], wanted) for value in values]
    return [fitted for (fitted,), _ in pairs], [rescued for _, (rescued,) in pairs]


def means(text: str, value: Any, wanted: pa.DataType) -> bool:
    """Whether `text` is a writing of `value`, by Python's own reading."""
    match value:
        case bool():
            said: object = {"true": True, "1": True, "false": False, "0": False}[text.lower()]
        case int():
            said = int(text) if re.fullmatch("-?[0-9]+", text, re.ASCII) else None
        case float():
            said, value = Decimal(text), Decimal(repr(value))
        case Decimal():
            said = Decimal(text)
        case datetime():
            said = datetime.fromisoformat(text)
        case date():
            said = date.fromisoformat(text) if len(text) == len("2026-11-20") else None
        case _:
            said = text
    zoned = isinstance(said, datetime) and said.tzinfo is not None
    return said == value and zoned is (wanted == INSTANT)


@pytest.mark.parametrize("wanted", TYPES, ids=str)
def test_text_is_a_writing_of_its_value_or_is_rescued(wanted: pa.DataType) -> None:
    @given(st.lists(written, min_size=1, max_size=8))
    def holds(texts: list[str]) -> None:
        for text, value, rescued in zip(texts, *column(pa.array(texts), wanted), strict=True):
            if rescued is None:
                assert means(text, value, wanted)
            else:
                assert value is None
                assert rescued == {"c": text}

    holds()


@pytest.mark.parametrize("wanted", TYPES, ids=str)
def test_the_fate_of_a_row_does_not_depend_on_the_rows_beside_it(wanted: pa.DataType) -> None:
    @given(st.lists(st.one_of(python_values, written), min_size=1, max_size=8))
    def holds(values: list[object]) -> None:
        assert column(values, wanted) == alone(values, wanted)

    holds()


@pytest.mark.parametrize("wanted", TYPES, ids=str)
def test_a_python_value_comes_back_equal_or_is_rescued(wanted: pa.DataType) -> None:
    @given(st.lists(python_values, min_size=1, max_size=8))
    def holds(values: list[object]) -> None:
        for came, value, rescued in zip(values, *column(values, wanted), strict=True):
            if rescued is not None or came is None:
                assert value is None
            elif isinstance(came, str):
                assert means(came, value, wanted)
            else:
                assert value == came
                assert isinstance(came, bool) is isinstance(value, bool)

    holds()


@pytest.mark.parametrize(
    ("wanted", "values"),
    [
        (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
        (MONEY, st.decimals(-(10**10) + 1, 10**10 - 1, places=2)),
        (pa.date32(), st.dates()),
        (INSTANT, instants),
        (LOCAL, st.datetimes()),
        (pa.float64(), st.floats(allow_nan=False, allow_infinity=False)),
        (pa.bool_(), st.booleans()),
        (pa.string(), st.text(st.characters(exclude_categories=["Cs"]))),
    ],
    ids=str,
)
def test_every_value_of_a_type_comes_back_from_itself_and_from_its_plain_writing(
    wanted: pa.DataType, values: st.SearchStrategy[Any]
) -> None:
    @given(st.lists(values, min_size=1))
    def holds(held: list[Any]) -> None:
        for came in (held, [str(value) for value in held]):
            assert column(came, wanted) == (held, [None] * len(held))

    holds()


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


def test_arrow_columns_of_another_kind_are_rescued_whole_and_their_nulls_stay_null() -> None:
    values, rescued = column(pa.array([1, None, 2]), pa.string())
    assert values == [None, None, None]
    assert rescued == [{"c": 1}, None, {"c": 2}]


def test_a_decimal_too_large_for_another_scale_is_not_wrapped_around() -> None:
    """Arrow casts it without an error, to 3860640443940387037305487656.102719488."""
    came = Decimal(342061026713474652752284703810301720)
    assert column([came], pa.decimal128(38, 10))[0] == [None]


def test_a_chunked_column_is_one_column() -> None:
    assert column(pa.chunked_array([["1"], ["x", "3"]]), pa.int8()) == (
        [1, None, 3],
        [None, {"c": "x"}, None],
    )


def test_one_bad_row_in_many_is_found_without_touching_the_others() -> None:
    texts = [str(n) for n in range(100_000)]
    texts[77_777] = "77777.0"
    values, rescued = column(pa.array(texts), pa.int32())
    assert rescued.count(None) == len(texts) - 1
    assert rescued[77_777] == {"c": "77777.0"}
    assert values[77_776:77_779] == [77_776, None, 77_778]


@pytest.mark.parametrize("type_", [pa.string(), pa.large_string()], ids=str)
def test_a_part_of_a_text_column_is_judged_by_its_own_values(type_: pa.DataType) -> None:
    texts = pa.array(["0x1F", "7", None, "0X1F", "1E-9"], type_)
    assert column(texts[1:3], pa.int64()) == ([7, None], [None, None])
    assert column(texts[2:4], pa.int64()) == ([None, None], [None, {"c": "0X1F"}])
    assert column(texts[3:], MONEY) == ([None, None], [{"c": "0X1F"}, {"c": "1E-9"}])
