"""A night is a date in the pilot's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from harness.errors import ConfigurationError
from harness.run.slot import slot

LATE = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


def test_the_night_is_counted_in_the_pilots_zone() -> None:
    assert slot(None, zone=ZoneInfo("UTC"), now=LATE) == date(2026, 11, 20)
    assert slot(None, zone=ZoneInfo("Europe/Berlin"), now=LATE) == date(2026, 11, 21)


def test_a_gap_can_be_filled() -> None:
    assert slot("2026-11-17", zone=ZoneInfo("UTC"), now=LATE) == date(2026, 11, 17)


def test_today_can_be_asked_for_by_its_date() -> None:
    assert slot("2026-11-20", zone=ZoneInfo("UTC"), now=LATE) == date(2026, 11, 20)


@pytest.mark.parametrize("asked", ["yesterday", "2026-13-01", "2026-11-21", "20.11.2026"])
def test_a_night_that_is_none_or_still_to_come_is_refused(asked: str) -> None:
    with pytest.raises(ConfigurationError, match="--slot"):
        slot(asked, zone=ZoneInfo("UTC"), now=LATE)
