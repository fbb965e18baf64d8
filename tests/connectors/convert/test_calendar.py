"""Times beyond the calendar of RFC 3339, SQL and Python are rescued as they came."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.connector import RESCUED
from connectors.convert.fit import fit

DAY_US = 86_400_000_000
FIRST, LAST = date.min.toordinal() - 719_163, date.max.toordinal() - 719_163
LOCAL, INSTANT = pa.timestamp("us"), pa.timestamp("us", "UTC")
ENDS = {
    "date": (pa.date32(), FIRST, LAST),
    "date64": (pa.date64(), FIRST * 86_400_000, LAST * 86_400_000),
    "seconds": (pa.timestamp("s"), FIRST * 86_400, (LAST + 1) * 86_400 - 1),
    "local": (LOCAL, FIRST * DAY_US, (LAST + 1) * DAY_US - 1),
    "instant": (INSTANT, FIRST * DAY_US, (LAST + 1) * DAY_US - 1),
}


def held(counts: list[int | None], came: Any, wanted: pa.DataType) -> tuple[Any, list[str | None]]:
    """The column, and what of it was rescued."""
    integers = pa.int32() if pa.types.is_date32(came) else pa.int64()
    values = pa.array(counts, integers).view(came)
    batch = fit({"c": values}, pa.schema([("c", wanted)]))
    rescued = [json.loads(one)["c"] if one else None for one in batch[RESCUED].to_pylist()]
    return batch["c"], rescued


@pytest.mark.parametrize(("came", "first", "last"), ENDS.values(), ids=ENDS)
def test_the_first_and_the_last_day_fit_and_one_step_beyond_does_not(
    came: Any, first: int, last: int
) -> None:
    wanted = pa.date32() if pa.types.is_date(came) else pa.timestamp("us", came.tz)
    step = 86_400_000 if came == pa.date64() else 1
    column, rescued = held([first, last, None, first - step, last + step], came, wanted)
    assert [one.is_valid for one in column] == [True, True, False, False, False]
    assert [bool(one) for one in rescued] == [False, False, False, True, True]
    column.to_pylist()  # Python holds all that landed


@pytest.mark.parametrize("wanted", [pa.date32(), LOCAL])
def test_a_year_that_is_none_is_no_notation(wanted: pa.DataType) -> None:
    text = ["0000-01-01 00:00:00" if wanted == LOCAL else "0000-01-01"]
    batch = fit({"c": text}, pa.schema([("c", wanted)]))
    assert batch.to_pylist() == [{"c": None, RESCUED: json.dumps({"c": text[0]})}]


def test_what_arrow_cannot_print_is_told_as_the_number_that_it_is() -> None:
    assert held([2**62], INSTANT, INSTANT)[1] == ["4611686018427387904 us since 1970"]
    assert held([2**31 - 1], pa.date32(), pa.date32())[1] == ["2147483647 days since 1970"]
    next_day = [(LAST + 1) * DAY_US]
    assert held(next_day, LOCAL, LOCAL)[1] == ["10000-01-01 00:00:00.000000"]


@pytest.mark.parametrize("zone", ["Mars/Phobos", "+25:99"])
@pytest.mark.parametrize("wanted", [pa.string(), pa.int64(), LOCAL, INSTANT])
def test_a_zone_that_nobody_knows_changes_no_instant(zone: str, wanted: pa.DataType) -> None:
    column, rescued = held([1], pa.timestamp("us", zone), wanted)
    if wanted == INSTANT:
        assert (column.cast(pa.int64()).to_pylist(), rescued) == ([1], [None])
    else:
        assert rescued == ["1970-01-01 00:00:00.000001Z"]


@given(
    st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), min_size=1),
    st.sampled_from(
        [pa.timestamp(unit, zone) for unit in ("s", "ms", "us") for zone in (None, "UTC")]
    ),
    st.sampled_from([LOCAL, INSTANT, pa.date32(), pa.string(), pa.timestamp("ns", "UTC")]),
)
def test_no_time_is_lost_and_python_holds_each_that_landed(
    counts: list[int | None], came: Any, wanted: Any
) -> None:
    column, rescued = held(counts, came, wanted)
    for count, landed, kept in zip(counts, column, rescued, strict=True):
        assert (count is None) == (not landed.is_valid and kept is None)
        assert not (landed.is_valid and kept)
        landed.as_py()
