"""What a name tells by the pattern of its contract."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.name_pattern import Told, compiled, tell
from contracts.promises import ContractError

moments = st.integers(0, 5 * 10**9).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@given(moments, st.sampled_from(["", "in/", "in/a b/"]))
def test_a_name_that_was_written_by_its_pattern_tells_what_was_written(
    wall: datetime, folder: str
) -> None:
    pattern = "x_%Y%m%d%H%M%S.csv"
    assert tell(pattern, folder + wall.strftime(pattern)) == Told(wall, has_time=True)
    day = wall.replace(hour=0, minute=0, second=0)
    for pattern in ("day=%Y-%m-%d/*.parquet", "%Y.%j/*.parquet"):
        name = folder + wall.strftime(pattern).replace("*", "part-0")
        assert tell(pattern, name) == Told(day, has_time=False)


@given(st.text(max_size=30), st.sampled_from(["x_%Y%m%d%H%M%S.csv", "%Y%j*", "%Y%m%dT%H%z"]))
def test_no_name_raises(name: str, pattern: str) -> None:
    assert tell(pattern, name) is None or name


@pytest.mark.parametrize(
    "name",
    [
        "x_20261327020000.csv",
        "x_20260231020000.csv",
        "x_20261127250000.csv",
        "x_20261127020061.csv",
        "x_20261127.csv",
        "y_20261127020000.csv",
        "x_20261127020000.csv.bak",
        "x_\u0662\u0660261127020000.csv",
    ],
)
def test_a_name_that_does_not_match_tells_nothing(name: str) -> None:
    assert tell("x_%Y%m%d%H%M%S.csv", name) is None


def test_a_leap_second_is_of_the_minute_before_it() -> None:
    """T03"""
    told = tell("x_%Y%m%d%H%M%S.csv", "x_20161231235960.csv")
    assert told == Told(at("2016-12-31T23:59:59"), has_time=True)


@pytest.mark.parametrize("offset", ["Z", "+0000", "+00:00"])
def test_a_name_with_its_offset_is_in_utc(offset: str) -> None:
    told = tell("x_%Y%m%dT%H%M%S%z.csv", f"x_20261127T020000{offset}.csv")
    assert told == Told(at("2026-11-27T02:00"), has_time=True, is_utc=True)
    east = tell("x_%Y%m%dT%H%z.csv", "x_20261127T02+0530.csv")
    assert east == Told(at("2026-11-26T20:30"), has_time=True, is_utc=True)


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("x_%Y%m.csv", "tells no day: write it as x_%Y%m%d%H%M%S.csv"),
        ("x_*.csv", "tells no day"),
        ("", "tells no day"),
        ("%m%d.csv", "tells no day"),
        ("x_%Y%q.csv", "'%q' is unknown, use %Y %m %d"),
        ("100%", "'%' is unknown"),
        ("%Y/%Y%m%d", "says a part twice"),
        ("%Y%m%d%M", "tells a part of a time without its hour"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused_with_the_remedy(pattern: str, told: str) -> None:
    with pytest.raises(ContractError) as refused:
        compiled(pattern)
    assert told in str(refused.value)


def test_an_expression_in_a_pattern_is_plain_text() -> None:
    assert tell("(a+)+_%Y%m%d", "(a+)+_20261127") is not None
    assert tell("(a+)+_%Y%m%d", "aaa_20261127") is None
