"""What a promised cadence may say, and what it is told that it may not."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.calendar_text import MOST_A_DAY, rule
from contracts.promises import ContractError

MONDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 29)
REFUSED = {
    "": "has 0 fields where cron has five: write it as 0 6 * * 1-5",
    "0 6 * *": "has 4 fields where cron has five",
    "0 0 6 * * 1-5": "has 6 fields where cron has five",
    "61 * * * *": "'61' is no minute from 0 to 59",
    "0 24 * * *": "'24' is no hour from 0 to 23",
    "0 6 * * 5-1": "'5-1' is no day of the week from 0 to 7",
    "0 6 * * 1-": "'1-' is no day of the week",
    "0 6 L * *": "for the last day of a month, write it as FREQ=MONTHLY;BYMONTHDAY=-1",
    "0 6 * * mo": "'mo' is no day of the week",
    "*/0 * * * *": "'*/0' is no minute",
    "0 \u0663 * * *": "is no hour",
    "* * * * *": f"is due 1440 times a day, and at most {MOST_A_DAY} are judged",
    "0 0 30 2 *": "never comes due, for no such day exists: correct the days",
    "0 0 31 4,6 *": "never comes due",
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30": "never comes due",
    "FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=31": "never comes due",
    "FREQ=WEEKLY": "does not tell from when it counts: name the days",
    "FREQ=MONTHLY": "put DTSTART:20260105T060000 on a line above RRULE:",
    "FREQ=DAILY;INTERVAL=2": "does not tell from when it counts",
    "FREQ=SECONDLY": "'FREQ=SECONDLY' is unknown, out of range or there twice",
    "FREQ=DAILY;BYHOUR=24": "'BYHOUR=24' is unknown, out of range",
    "FREQ=DAILY;BYHOUR=6;BYHOUR=7": "'BYHOUR=7' is unknown, out of range or there twice",
    "FREQ=DAILY;": "'' is unknown",
    "FREQ=DAILY;UNTIL=20271231": "ends by its UNTIL: a promise has no end, leave it out",
    "FREQ=DAILY;COUNT=9": "ends by its COUNT",
    "FREQ=DAILY;BYSETPOS=1": "BYSETPOS does not go with this FREQ",
    "FREQ=DAILY;BYDAY=1MO": "'BYDAY=1MO' is unknown",
    "FREQ=WEEKLY;BYDAY=9MO": "'BYDAY=9MO' is unknown",
    "FREQ=YEARLY;BYDAY=60MO": "'BYDAY=60MO' is unknown",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1;BYHOUR=6,7": "has BYSETPOS and several times of a day",
    "FREQ=HOURLY;INTERVAL=5": "an INTERVAL of HOURLY divides 24",
    "FREQ=MINUTELY;INTERVAL=90": "an INTERVAL of MINUTELY divides 60",
    "DTSTART:2026-01-05\nRRULE:FREQ=DAILY": "'2026-01-05' is no time: write 20261228T060000",
    "DTSTART:20260231\nRRULE:FREQ=DAILY": "'20260231' is no time",
    "DTSTART;TZID=UTC:20260105\nRRULE:FREQ=DAILY": "'DTSTART;TZID=UTC' is no line, or there twice",
    "RRULE:BYDAY=MO\nRDATE:FREQ=": "has no FREQ: write it as FREQ=MONTHLY",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_wrong_cadence_is_refused_in_one_line_with_the_remedy(text: str) -> None:
    began = time.monotonic()
    with pytest.raises(ContractError) as refused:
        rule(text)
    told = str(refused.value)
    assert REFUSED[text] in told
    assert "\n" not in told
    assert told.isprintable()
    assert time.monotonic() - began < 20


@given(st.text(alphabet="0123456789*/,-LFREQ=;:BYDAYMOHOUR \n@", max_size=40))
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    with suppress(ContractError):
        rule(text)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("0 6 * * 1-5", 5),
        ("0 6 * * mon-fri", 5),
        ("0 6 * * 0", 1),
        ("0 6 * * 7", 1),
        ("0 6 * * 6-7", 2),
        ("0 6 23 * 2", 2),  # a Monday by its date, a Tuesday by its name
        ("0 6 */2 * 1", 1),  # a star is no restriction to choose beside
        ("@weekly", 1),
        ("freq=daily;byhour=6", 7),
        ("RRULE:FREQ=WEEKLY;BYDAY=MO,WE;WKST=SU", 2),
    ],
)
def test_days_of_a_week_are_those_that_cron_and_the_rfc_mean(text: str, days: int) -> None:
    assert len(list(rule(text).days(MONDAY, SUNDAY))) == days


@pytest.mark.parametrize(
    ("text", "times", "is_hourly"),
    [
        ("0 6 * * *", 1, False),
        ("0,30 6-8 * * *", 6, False),
        ("5/20 6 * * *", 3, False),
        ("0 */6 * * *", 4, True),
        ("FREQ=HOURLY", 24, True),
        ("FREQ=HOURLY;BYHOUR=8,9,10;BYMINUTE=30", 3, True),
        ("DTSTART:20260101T010000\nRRULE:FREQ=HOURLY;INTERVAL=6", 4, True),
        ("FREQ=MINUTELY;INTERVAL=15;BYHOUR=8", 4, True),
        ("FREQ=DAILY;BYHOUR=6,18", 2, False),
    ],
)
def test_times_of_a_day(text: str, times: int, is_hourly: bool) -> None:  # noqa: FBT001
    if "DTSTART" not in text and "INTERVAL" in text:
        text = f"DTSTART:20260101T000000\nRRULE:{text}"
    found = rule(text)
    assert (len(found.times), found.is_hourly) == (times, is_hourly)
