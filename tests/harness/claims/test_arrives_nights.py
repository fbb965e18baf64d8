"""`arrives`: what makes a night good or bad, at its edges, and which nights are expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from contracts.promises import Promises, Volume
from harness.claims.arrives import prove
from harness.facts import Delivery, Reading
from harness.verdict import Outcome
from tests.harness.claims.made import (
    DAY,
    EMPTY,
    HOUR,
    NIGHTLY,
    TODAY,
    drop,
    failed,
    file,
    files,
    night,
)

YESTERDAY = TODAY - DAY
MAY_BE_EMPTY = replace(NIGHTLY, volume=Volume(minimum=0))
SUNDAY = date(2026, 11, 15)


def bad(*some: Delivery, promises: Promises = NIGHTLY, **given: Any) -> str:
    """The bad nights that are named, of these files among 40 nights; `` if there is none."""
    others = [one for one in files(YESTERDAY, 40) if one.day not in {each.day for each in some}]
    return told(promises, [drop([*others, *some], **given)])


def told(promises: Promises, taken: Sequence[Reading]) -> str:
    verdict = prove(promises, taken)
    broken = verdict.outcome is Outcome.BROKEN
    return verdict.because.partition(": ")[2] if broken else ""


def at(hour: int, **given: Any) -> Delivery:
    """A file of Sunday that came at this hour."""
    came = datetime(2026, 11, 15, hour, tzinfo=UTC)
    usual = {"name": f"{hour}.csv", "available_at": came, "sha256": f"{hour}"}
    return file(SUNDAY, **{**usual, "newest_event_at": came, **given})


def test_one_row_less_or_more_than_promised_is_bad_and_the_last_allowed_one_is_not() -> None:
    some = replace(NIGHTLY, volume=Volume(minimum=2, maximum=60))
    named = {rows: bad(file(SUNDAY, rows=rows), promises=some) for rows in (0, 1, 2, 60, 61)}
    assert named == {
        0: "Sunday 2026-11-15 came empty.",
        1: "Sunday 2026-11-15 held fewer rows than promised.",
        2: "",
        60: "",
        61: "Sunday 2026-11-15 held more rows than promised.",
    }


def test_events_must_be_newer_than_all_before_if_event_times_are_promised() -> None:
    same = file(SUNDAY - DAY).newest_event_at
    assert same is not None
    nothing_newer = "Sunday 2026-11-15 brought no newer event."
    assert bad(file(SUNDAY, newest_event_at=same)) == nothing_newer
    assert bad(file(SUNDAY, newest_event_at=None)) == nothing_newer
    assert bad(file(SUNDAY, newest_event_at=same + timedelta(microseconds=1))) == ""
    without = replace(NIGHTLY, event_time=None)
    assert bad(file(SUNDAY, newest_event_at=None), promises=without) == ""


def test_an_event_is_compared_with_the_newest_of_all_deliveries_before() -> None:
    """The delivery between has none, or older ones; what was newest is still remembered."""
    newest = file(SUNDAY - 2 * DAY).newest_event_at
    assert newest is not None
    between = file(SUNDAY - DAY, rows=1, newest_event_at=None)
    assert bad(between, file(SUNDAY, newest_event_at=newest - HOUR)) == (
        "Sunday 2026-11-15 brought no newer event and Saturday 2026-11-14 brought no newer event."
    )


def test_the_same_header_twice_is_no_stale_delivery_where_nights_may_be_empty() -> None:
    empty = [file(SUNDAY - n * DAY, **EMPTY) for n in (0, 1)]
    assert bad(*empty, promises=MAY_BE_EMPTY) == ""
    one_row = [replace(one, rows=1) for one in empty]
    assert "brought the content of an earlier delivery again" in bad(
        *one_row, promises=MAY_BE_EMPTY
    )


def test_a_file_is_stale_however_soon_it_comes_after_the_one_before() -> None:
    """Patience is for readings of ours, not for files."""
    half_daily = replace(NIGHTLY, cadence=12 * HOUR)
    again = at(3, sha256="2")
    whole = [
        one
        for n in range(40)
        for one in (file(YESTERDAY - n * DAY), _noon(YESTERDAY - n * DAY))
        if one.day != SUNDAY
    ]
    named = told(half_daily, [drop([*whole, at(2), again])])
    assert named == "Sunday 2026-11-15 brought the content of an earlier delivery again."


def _noon(day: date) -> Delivery:
    return _at(day, 12)


def _at(day: date, hour: int) -> Delivery:
    at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return file(day, name=f"{at}", newest_event_at=at, available_at=at, sha256=f"{at}")


@pytest.mark.parametrize(("hours", "outcome"), [(11, Outcome.UNPROVEN), (12, Outcome.BROKEN)])
def test_half_a_cadence_after_a_reading_the_next_one_must_bring_something(
    hours: int, outcome: Outcome
) -> None:
    before = night(YESTERDAY)
    of = before.deliveries[0]
    soon = replace(
        of, name=f"customers@{TODAY}", day=TODAY, available_at=of.available_at + hours * HOUR
    )
    verdict = prove(NIGHTLY, [before, night(TODAY, deliveries=(soon,))])
    assert (verdict.outcome, verdict.observed) == (outcome, "1 of 2 nights good")


def test_enough_good_deliveries_make_a_night_and_one_too_few_is_named_by_the_worst() -> None:
    half_daily = replace(NIGHTLY, cadence=12 * HOUR)
    others = [
        one
        for n in range(20)
        for one in (_noon(YESTERDAY - n * DAY), file(YESTERDAY - n * DAY))
        if one.day != SUNDAY
    ]
    short = "Sunday 2026-11-15 brought too few deliveries."
    assert told(half_daily, [drop([*others, at(5)])]) == short
    assert told(half_daily, [drop([*others, at(5), at(6)])]) == ""
    worse = "Sunday 2026-11-15 came empty."
    some = [at(5), at(6, rows=0), at(7, sha256="5")]
    assert told(half_daily, [drop([*others, *some])]) == worse
    assert told(half_daily, [drop([*others, *some, at(8)])]) == ""


def test_a_cadence_of_days_and_hours_is_counted_in_whole_days() -> None:
    of_two = replace(NIGHTLY, cadence=timedelta(hours=60), lag=timedelta(hours=60))
    sent = [file(YESTERDAY - n * DAY) for n in (0, 2, 4, 8, 10)]
    verdict = prove(of_two, [drop(sent)])
    assert (verdict.n, verdict.observed) == (6, "5 of 6 nights good")
    assert verdict.because.endswith(": Friday 2026-11-13 did not come.")


def test_a_delivery_on_any_day_of_a_span_is_the_one_expected_in_it() -> None:
    of_two = replace(NIGHTLY, cadence=2 * DAY, lag=2 * DAY)
    sent = [file(YESTERDAY - n * DAY) for n in (1, 3, 6, 8)]
    assert prove(of_two, [drop(sent)]).observed == "4 of 4 nights good"


def test_a_cadence_that_does_not_divide_a_day_expects_only_what_fits_into_one() -> None:
    """Of every seven hours, three."""
    seven = replace(NIGHTLY, cadence=7 * HOUR)
    sent = [_at(YESTERDAY - n * DAY, hour) for n in range(20) for hour in (2, 9, 16)]
    assert told(seven, [drop(sent)]) == ""
    assert told(seven, [drop(sent[1:])]) == ""  # Thursday is not over for a lag
    assert told(seven, [drop(sent[:3] + sent[4:])]) == (
        "Wednesday 2026-11-18 brought too few deliveries."
    )


def test_a_source_is_one_without_files_only_if_each_delivery_is_a_reading() -> None:
    """One file among readings: then a gap is the source's, a lag after it is over."""
    ours = [night(TODAY - n * DAY) for n in (3, 0)]
    some = file(TODAY - 4 * DAY)
    mixed = [replace(ours[0], deliveries=(*ours[0].deliveries, some)), ours[1]]
    assert told(NIGHTLY, ours) == ""
    assert told(NIGHTLY, mixed) == "Wednesday 2026-11-18 did not come."


def test_nothing_of_a_reading_that_failed_counts() -> None:
    """It may have listed what it could not read."""
    lost = failed("SourceChanged", "gone", slot=YESTERDAY, deliveries=files(SUNDAY - DAY, 9))
    verdict = prove(NIGHTLY, [lost, drop(files(YESTERDAY, 3))])
    assert verdict.observed == "3 of 3 nights good"


@pytest.mark.parametrize(("lag", "nights"), [(None, 6), (6 * HOUR, 6), (7 * HOUR, 5)])
def test_a_night_is_due_when_it_ended_a_lag_before_the_reading(
    lag: timedelta | None, nights: int
) -> None:
    """The reading begins at 06:00 of the 20th; without a lag the 19th was due at once."""
    promises = replace(NIGHTLY, lag=lag)
    assert prove(promises, [drop(files(SUNDAY, 2))]).n == nights


def test_times_of_files_without_a_zone_are_in_utc() -> None:
    """Of Sunday's and Monday's files one is without a zone, and has no newer event."""
    first, last = file(SUNDAY), file(SUNDAY + DAY)
    event = first.newest_event_at
    assert event is not None
    naive = replace(
        last,
        newest_event_at=event.replace(tzinfo=None),
        available_at=last.available_at.replace(tzinfo=None),
    )
    of = replace(drop(files(YESTERDAY, 4)), deliveries=(first, naive, *files(YESTERDAY, 3)))
    assert told(NIGHTLY, [of]) == "Monday 2026-11-16 brought no newer event."


def test_a_start_without_a_zone_is_in_utc() -> None:
    naive = datetime(2026, 11, 20, 6)  # noqa: DTZ001 - a fact that forgot it
    verdicts = [
        prove(NIGHTLY, [drop(files(SUNDAY, 2), started_at=start)])
        for start in (naive, naive.replace(tzinfo=UTC))
    ]
    assert verdicts[0] == verdicts[1]


def test_of_more_than_a_year_the_last_is_counted() -> None:
    """366 days and the last one; the night before them is past, the first of them is not."""
    for ago, outcome in ((367, Outcome.BROKEN), (368, Outcome.PROVEN)):
        long = files(YESTERDAY, 400, but={TODAY - ago * DAY: EMPTY})
        verdict = prove(NIGHTLY, [drop(long)])
        assert (verdict.outcome, verdict.n) == (outcome, 367)
