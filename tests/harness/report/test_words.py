from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.report import words
from harness.say import visible


@given(st.text() | st.text(st.characters(categories=("Cc", "Cf", "Cs", "Zl", "Zp"))))
def test_nothing_invisible_is_left(text: str) -> None:
    assert not {unicodedata.category(c)[0] for c in visible(text)} & {"C"}
    assert not {unicodedata.category(c) for c in visible(text)} & {"Zl", "Zp"}


@given(st.text(st.characters(categories=("L", "M", "N", "P", "S", "Zs"))))
def test_what_shows_is_left_alone(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_951, "1.0 MB"),
        (1_904_526, "1.9 MB"),
        (5 * 10**15, "5,000.0 TB"),
    ],
)
def test_sizes_are_decimal(number: int, said: str) -> None:
    assert words.size(number) == said


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0"), (50, "50"), (12.5, "12.5"), (1500, "1,500"), (0.004, "0.004")]
)
def test_axes_have_no_trailing_zeros(number: float, said: str) -> None:
    assert words.plain(number) == said


def test_times_are_utc_and_say_so() -> None:
    tokyo = timezone(timedelta(hours=9))
    assert words.instant(datetime(2026, 11, 24, 9, tzinfo=tokyo)) == "2026-11-24 00:00:00 UTC"
    assert words.instant(datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)) == "2026-01-02 03:04:05 UTC"


def test_what_is_not_there_is_not_known() -> None:
    assert words.instant(None) == words.hours(None) == words.share(0, 0) == "not known"
    assert words.seconds(float("nan")) == words.milliseconds(float("inf")) == "not known"
    assert words.hours(timedelta(days=2)) == "48.0 h"
    assert words.share(7, 100) == "7.00 %"
