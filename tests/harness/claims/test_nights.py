"""Which night a reading is of; and no night is good that nobody read on that night."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.promises import Thresholds, Volume
from harness.claims.judge import judge_dataset
from harness.claims.nights import LATE, counted_from, night_of, own_delivery, was_seen
from harness.claims.readings import SKEW
from harness.facts import Delivery, Reading
from harness.verdict import Outcome, Verdict
from tests.harness.claims.made import DAY, HOUR, NIGHTLY, TODAY, drop, files, night, reading

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Berlin",
        "Pacific/Kiritimati",
        "America/Los_Angeles",
        "Pacific/Apia",
    )
]
MONDAY, TUESDAY, FRIDAY = (date(2026, 11, day) for day in (16, 17, 20))


def berlin(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=BERLIN)


def seen(began: datetime, due: datetime, read: datetime, zone: ZoneInfo = BERLIN) -> date:
    times = [at.astimezone(UTC) for at in (began, due, read)]
    return night_of(times[2], since=counted_from(times[0], due_at=times[1]), zone=zone)


@pytest.mark.parametrize(
    ("due", "began", "night"),
    [
        (berlin(MONDAY, 23, 30), berlin(MONDAY, 23, 31), MONDAY),
        (berlin(MONDAY, 23, 30), berlin(TUESDAY, 0, 10), MONDAY),  # started late
        (berlin(MONDAY, 23, 30), berlin(TUESDAY, 11, 30), MONDAY),
        (berlin(MONDAY, 23, 30), berlin(TUESDAY, 11, 31), TUESDAY),  # nearer to Tuesday's
        (berlin(MONDAY, 3, 30), berlin(MONDAY, 23, 59), MONDAY),  # late, and still its day
        (berlin(MONDAY, 3, 30), berlin(FRIDAY, 3, 30), FRIDAY),  # executed again
        (berlin(TUESDAY, 0, 0), berlin(MONDAY, 23, 59), TUESDAY),  # two clocks
        (berlin(TUESDAY, 0, 0), berlin(MONDAY, 23, 55), TUESDAY),  # as far apart as clocks may be
        (berlin(TUESDAY, 0, 0), berlin(MONDAY, 23, 54), MONDAY),
        (berlin(TUESDAY, 3, 30), berlin(MONDAY, 3, 30), MONDAY),  # a tick still to come
    ],
)
def test_a_run_is_of_the_night_of_its_tick_unless_it_comes_too_late(
    due: datetime, began: datetime, night: date
) -> None:
    assert seen(began, due, began) == night


@pytest.mark.parametrize(
    ("began", "read", "night"),
    [
        (berlin(MONDAY, 23, 59), berlin(TUESDAY, 0, 10), MONDAY),
        (berlin(MONDAY, 3, 30), berlin(TUESDAY, 3, 29), MONDAY),
        (berlin(MONDAY, 3, 30), berlin(TUESDAY, 3, 30), TUESDAY),  # the next is due
    ],
)
def test_a_run_by_hand_that_passes_midnight_keeps_its_night(
    began: datetime, read: datetime, night: date
) -> None:
    assert seen(began, began, read) == night


def test_hours_are_hours_where_clocks_are_set_back() -> None:
    """The 25th of October 2026 has 25 hours in Berlin: 12 h after 23:30 of the 24th is 10:30."""
    due = berlin(date(2026, 10, 24), 23, 30)
    late, too_late = (berlin(date(2026, 10, 25), 10, minute) for minute in (30, 31))
    assert counted_from(late, due_at=due) == due
    assert counted_from(too_late, due_at=due) == too_late


def test_one_moment_is_another_night_in_another_zone() -> None:
    noon = datetime(2026, 11, 16, 11, tzinfo=UTC)
    nights = [seen(noon, noon, noon, zone) for zone in ZONES]
    assert nights == [MONDAY, MONDAY, TUESDAY, MONDAY, TUESDAY]


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
before = st.timedeltas(-DAY, 10 * DAY)


@given(
    read=moments, ran=st.timedeltas(timedelta(), 3 * DAY), late=before, zone=st.sampled_from(ZONES)
)
def test_nobody_has_seen_a_night_who_began_long_before_or_after_it(
    read: datetime, ran: timedelta, late: timedelta, zone: ZoneInfo
) -> None:
    began = read - ran
    night = seen(began, began - late, read, zone)
    begins, ends = (
        datetime.combine(day, time(), tzinfo=zone).astimezone(UTC) for day in (night, night + DAY)
    )
    assert begins - SKEW <= read < ends + DAY
    assert began < ends + LATE


def good(verdict: Verdict) -> int:
    """Of `12 of 14 nights good`."""
    of_nights = verdict.observed.endswith(" good")
    return int(verdict.observed.split()[0].replace(",", "")) if of_nights else 0


slots = st.integers(0, 9).map(lambda n: TODAY - n * DAY)


@st.composite
def own_readings(draw: st.DrawFn) -> Reading:
    """Of a source without files, recorded for one night and read on another, or nobody knows."""
    slot = draw(slots)
    delivery = replace(
        draw(st.from_type(Delivery)),
        name=own_delivery("orders", slot),
        day=draw(st.just(slot) | slots),
    )
    of = draw(st.from_type(Reading))
    nights = st.none() | slots | st.just(slot)
    return replace(of, dataset="orders", slot=slot, night=draw(nights), deliveries=(delivery,))


likely = st.builds(night, slots, dataset=st.just("orders"), night=st.none() | slots)
ours = st.lists(likely | own_readings(), max_size=12)
EASY = replace(NIGHTLY, lag=30 * DAY, thresholds=Thresholds(arrivals=0.01, on_time=0.01))


@given(found=ours, least=st.sampled_from([0, 1]))
def test_no_night_is_good_that_nobody_read_on_that_night(
    found: Sequence[Reading], least: int
) -> None:
    looked = {reading.slot for reading in found if reading.night == reading.slot}
    promises = replace(EASY, volume=Volume(minimum=least))
    verdict = judge_dataset("arrives", promises, found)
    assert good(verdict) <= len(looked)
    assert looked or verdict.outcome is not Outcome.PROVEN


@given(found=st.lists(likely | own_readings(), max_size=12, unique_by=lambda of: of.slot))
def test_no_earlier_delivery_is_in_time_that_nobody_read_on_its_night(
    found: Sequence[Reading],
) -> None:
    """The latest reading itself is one, whichever night it is recorded for."""
    looked = {reading.slot for reading in found if reading.night == reading.slot}
    assert judge_dataset("fresh", EASY, found).n <= len(looked) + 1


def test_without_the_rule_it_would(monkeypatch: pytest.MonkeyPatch) -> None:
    """The positive control: nights that nobody saw, and still all good."""
    unseen = [night(TODAY - n * DAY, night=TODAY) for n in range(40)]
    verdict = judge_dataset("arrives", NIGHTLY, unseen)
    assert (verdict.outcome, good(verdict)) == (Outcome.UNPROVEN, 1)
    assert judge_dataset("fresh", NIGHTLY, unseen).n == 1
    monkeypatch.setattr("harness.claims.nights.was_seen", lambda _: True)
    assert judge_dataset("arrives", NIGHTLY, unseen).outcome is Outcome.PROVEN
    assert judge_dataset("fresh", NIGHTLY, unseen).n == 40


def test_a_night_that_may_be_empty_is_not_seen_either_by_reading_on_another() -> None:
    """`prove --slot` of an empty table, where that is promised."""
    may_be_empty = replace(EASY, volume=Volume(minimum=0))
    empty = replace(night(TODAY).deliveries[0], rows=0)
    late = night(TODAY, night=TODAY + DAY, deliveries=(empty,))
    seen = [night(TODAY - n * DAY) for n in (3, 2, 1)]
    verdict = judge_dataset("arrives", may_be_empty, [*seen, late])
    assert verdict.observed == "3 of 4 nights good"


def test_a_night_given_by_hand_is_named_with_the_one_that_was_read() -> None:
    unseen = night(TODAY - DAY, night=TODAY)
    verdict = judge_dataset(
        "arrives", NIGHTLY, [*(night(TODAY - n * DAY) for n in (3, 2)), unseen]
    )
    assert "1 night not looked at (2026-11-19 was read on 2026-11-20); 46 are" in verdict.because


def test_files_carry_days_of_their_own_whenever_they_are_read() -> None:
    late = drop(files(TODAY - DAY, 40), rows=1_500, night=TODAY + 3 * DAY)
    assert judge_dataset("arrives", NIGHTLY, [late]).outcome is Outcome.PROVEN


def test_a_reading_of_which_no_night_is_known_was_not_seen() -> None:
    assert not was_seen(reading(night=None))
    assert was_seen(reading(started_at=datetime(2026, 11, 20, tzinfo=UTC) + HOUR))
