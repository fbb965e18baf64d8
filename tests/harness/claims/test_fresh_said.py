"""Every verdict of `fresh` in full, and which deliveries are trials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from contracts.promises import Promises, Thresholds, Volume
from harness.claims.fresh import prove
from harness.facts import Reading
from harness.verdict import Outcome, Verdict
from tests.harness.claims.made import (
    DAY,
    EMPTY,
    HOUR,
    NIGHTLY,
    NOW,
    TODAY,
    drop,
    failed,
    file,
    files,
    night,
    reading,
    register,
)
from tests.harness.claims.worded import worded

YESTERDAY = TODAY - DAY


def said(
    outcome: Outcome, because: str, observed: str, n: int, expected: str = "95 % within 24 h 00 m"
) -> Verdict:
    return Verdict(
        claim="fresh",
        outcome=outcome,
        because=because,
        expected=expected,
        observed=observed,
        n=n,
        method="Clopper\N{EN DASH}Pearson, one-sided 95 %, one trial a delivery",
    )


NOT_PROMISED = "There is nothing to measure: promise a lag and name the event_time column."
SAID: Mapping[str, tuple[Promises, Sequence[Reading], Verdict]] = {
    "nothing was read": (
        NIGHTLY,
        [],
        said(Outcome.UNPROVEN, "Nothing was read.", "no reading", 0),
    ),
    "no lag": (
        replace(NIGHTLY, lag=None),
        [drop(files(YESTERDAY, 3))],
        said(Outcome.UNPROVEN, NOT_PROMISED, "not promised", 0, "95 % within a promised lag"),
    ),
    "no event time": (
        replace(NIGHTLY, event_time=None),
        [drop(files(YESTERDAY, 3))],
        said(Outcome.UNPROVEN, NOT_PROMISED, "not promised", 0),
    ),
    "from the future": (
        NIGHTLY,
        [drop(files(YESTERDAY, 2, but={YESTERDAY: {"available_at": NOW - 9 * HOUR}}))],
        said(
            Outcome.BROKEN,
            "Events lie up to 1 h 00 m after the time at which they were read: a wrong clock or "
            "zone.",
            "1 h 00 m ahead",
            2,
        ),
    ),
    "a table from the future": (
        NIGHTLY,
        [night(TODAY, newest_event_at=NOW + 2 * HOUR, seconds=0.0)],
        said(
            Outcome.BROKEN,
            "Events lie up to 2 h 00 m after the time at which they were read: a wrong clock or "
            "zone.",
            "2 h 00 m ahead",
            1,
        ),
    ),
    "no event": (
        NIGHTLY,
        [reading(newest_event_at=None)],
        said(
            Outcome.UNPROVEN,
            "1,500 rows came and none tells when it happened: the lag is unknown.",
            "lag unknown",
            0,
        ),
    ),
    "no event in the latest, some before": (
        NIGHTLY,
        [night(YESTERDAY), reading(dataset="customers", rows=1, newest_event_at=None)],
        said(
            Outcome.UNPROVEN,
            "1 row came and none tells when it happened: the lag is unknown.",
            "lag unknown",
            0,
        ),
    ),
    "late": (
        NIGHTLY,
        [drop(files(TODAY - 2 * DAY, 4, lag=25 * HOUR, but={TODAY - 3 * DAY: {"rows": 0}}))],
        said(
            Outcome.BROKEN,
            "3 of 4 deliveries came later than the 24 h 00 m promised "
            "(shipments/shipments_20261118.csv, shipments/shipments_20261116.csv and "
            "shipments/shipments_20261115.csv) and 1 came empty "
            "(shipments/shipments_20261117.csv): the median lag is "
            "25 h 00 m, and the newest event (2026-11-18 22:00 UTC) is 32 h 00 m old.",
            "0 of 4 in time, median 25 h 00 m",
            4,
        ),
    ),
    "late but for two": (
        NIGHTLY,
        [
            drop(
                (
                    *files(TODAY - 5 * DAY, 4, lag=25 * HOUR),
                    *files(TODAY - 2 * DAY, 2, lag=HOUR),
                )
            )
        ],
        said(
            Outcome.BROKEN,
            "4 of 6 deliveries came later than the 24 h 00 m promised "
            "(shipments/shipments_20261115.csv, shipments/shipments_20261114.csv, "
            "shipments/shipments_20261113.csv and 1 more): the median lag is "
            "25 h 00 m, and the newest event (2026-11-18 22:00 UTC) is 32 h 00 m old.",
            "2 of 6 in time, median 25 h 00 m",
            6,
        ),
    ),
    "too old now": (
        NIGHTLY,
        [drop(files(TODAY - 3 * DAY, 3))],
        said(
            Outcome.BROKEN,
            "The newest event (2026-11-17 22:00 UTC) is 56 h 00 m old; by the promised lag and "
            "cadence it may be 48 h 00 m.",
            "56 h 00 m old",
            3,
        ),
    ),
    "proven": (
        NIGHTLY,
        [drop(files(YESTERDAY, 59))],
        said(
            Outcome.PROVEN,
            "59 of 59 deliveries on time, median lag 30 m 00 s: at least 95.05 % are, with 95 % "
            "confidence.",
            "59 of 59 in time, median 30 m 00 s",
            59,
        ),
    ),
    "too few": (
        NIGHTLY,
        [drop(files(YESTERDAY, 1))],
        said(
            Outcome.UNPROVEN,
            "1 of 1 delivery on time, median lag 30 m 00 s; 59 without a failure are needed for "
            "95 %.",
            "1 of 1 in time, median 30 m 00 s",
            1,
        ),
    ),
    "too few with two late": (
        replace(NIGHTLY, thresholds=Thresholds(on_time=0.9, confidence=0.99)),
        [drop(files(YESTERDAY, 20, but=dict.fromkeys([TODAY - 5 * DAY, TODAY - 7 * DAY], EMPTY)))],
        replace(
            said(
                Outcome.UNPROVEN,
                "18 of 20 deliveries on time, median lag 30 m 00 s; 81 with no more than 2 late "
                "are needed for 90 %.",
                "18 of 20 in time, median 30 m 00 s",
                20,
                "90 % within 24 h 00 m",
            ),
            method="Clopper\N{EN DASH}Pearson, one-sided 99 %, one trial a delivery",
        ),
    ),
    "no lag of whole minutes, of two the shorter is told": (
        replace(NIGHTLY, cadence=None, lag=8 * HOUR),
        [drop(files(YESTERDAY, 2, but={YESTERDAY: {"available_at": NOW - 7 * HOUR}}))],
        said(
            Outcome.UNPROVEN,
            "2 of 2 deliveries on time, median lag 30 m 00 s; 59 without a failure are needed for "
            "95 %.",
            "2 of 2 in time, median 30 m 00 s",
            2,
            "95 % within 8 h 00 m",
        ),
    ),
    "a second too old for a lag without a cadence": (
        replace(NIGHTLY, cadence=None, lag=8 * HOUR - timedelta(seconds=1)),
        [drop(files(YESTERDAY, 2))],
        said(
            Outcome.BROKEN,
            "The newest event (2026-11-19 22:00 UTC) is 8 h 00 m old; by the promised lag and "
            "cadence it may be 7 h 59 m.",
            "8 h 00 m old",
            2,
            "95 % within 7 h 59 m",
        ),
    ),
}


@pytest.mark.parametrize(("promises", "taken", "verdict"), SAID.values(), ids=SAID)
def test_a_verdict_is_said_in_full(
    promises: Promises, taken: Sequence[Reading], verdict: Verdict
) -> None:
    assert worded(prove(promises, [*taken, register()])) == verdict


def test_of_an_earlier_reading_the_newest_delivery_alone_is_a_trial() -> None:
    """The others were listed before; of these two the newer one was late."""
    earlier = drop(
        [
            file(TODAY - 2 * DAY, name="a", available_at=NOW - 2 * HOUR),
            file(TODAY - 2 * DAY, name="b", available_at=NOW - 3 * HOUR),
            file(TODAY - 9 * DAY, name="c", available_at=NOW - 40 * HOUR),
        ],
        slot=YESTERDAY,
    )
    verdict = prove(NIGHTLY, [earlier, drop([file(YESTERDAY)])])
    assert verdict.observed == "1 of 2 in time, median 30 m 00 s"


def test_a_file_without_a_zone_beside_one_with_it_is_in_utc() -> None:
    first, last = (file(TODAY - 2 * DAY, name=name) for name in "ab")
    naive = replace(last, available_at=last.available_at.replace(tzinfo=None) + DAY)
    earlier = drop([first, naive], slot=YESTERDAY)
    verdict = prove(NIGHTLY, [earlier, drop([file(YESTERDAY)])])
    assert verdict.observed == "1 of 2 in time, median 30 m 00 s"


def test_earlier_readings_that_failed_or_listed_nothing_are_passed_over_alone() -> None:
    lost = failed("SourceChanged", "gone", slot=TODAY - 4 * DAY, deliveries=files(YESTERDAY, 9))
    nothing = drop([], slot=TODAY - 3 * DAY, night=TODAY - 3 * DAY)
    good = drop([file(TODAY - 2 * DAY)], slot=YESTERDAY)
    assert prove(NIGHTLY, [lost, nothing, good, drop([file(YESTERDAY)])]).n == 2


def test_a_name_with_another_content_is_another_delivery() -> None:
    earlier = drop([file(YESTERDAY, sha256="before")], slot=YESTERDAY)
    assert prove(NIGHTLY, [earlier, drop([file(YESTERDAY)])]).n == 2
    listed_again = drop([file(YESTERDAY)], slot=YESTERDAY)
    assert prove(NIGHTLY, [listed_again, drop([file(YESTERDAY)])]).n == 1


def test_an_empty_delivery_is_no_trial_only_where_none_at_all_is_promised() -> None:
    some = drop(files(YESTERDAY, 5, but={TODAY - 3 * DAY: EMPTY, TODAY - 4 * DAY: {"rows": 1}}))
    trials = {
        least: prove(replace(NIGHTLY, volume=Volume(minimum=least)), [some]).n for least in (0, 1)
    }
    assert trials == {0: 4, 1: 5}


def test_times_without_a_zone_are_in_utc() -> None:
    def naive(at: datetime) -> datetime:
        return at.replace(tzinfo=None)

    some = files(YESTERDAY, 2)
    without = [
        replace(one, available_at=naive(one.available_at), newest_event_at=one.newest_event_at)
        for one in some
    ]
    event = some[-1].newest_event_at
    assert event is not None
    told = drop(without, started_at=naive(NOW), newest_event_at=naive(event))
    assert prove(NIGHTLY, [told]) == prove(NIGHTLY, [drop(some)])
    events = [replace(one, newest_event_at=naive(event)) for one in some]
    assert prove(NIGHTLY, [drop(events, newest_event_at=event)]).n == 2
