"""Every verdict of `arrives` in full, and the edges of what a night is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contracts.promises import Promises, Thresholds, Volume
from harness.claims.arrives import prove
from harness.facts import Reading
from harness.verdict import Outcome, Verdict
from tests.harness.claims.made import (
    DAY,
    EMPTY,
    NIGHTLY,
    TODAY,
    drop,
    file,
    files,
    night,
    reading,
    register,
)
from tests.harness.claims.worded import worded

YESTERDAY = TODAY - DAY
MAY_BE_EMPTY = replace(NIGHTLY, volume=Volume(minimum=0))
SUNDAY = date(2026, 11, 15)


def said(outcome: Outcome, because: str, observed: str, n: int) -> Verdict:
    return Verdict(
        claim="arrives",
        outcome=outcome,
        because=because,
        expected="no bad night, 90 % proven",
        observed=observed,
        n=n,
        method="Clopper\N{EN DASH}Pearson, one-sided 95 %, one trial a night",
    )


def days_of(nights: int, of: Mapping[str, Any]) -> dict[date, Mapping[str, Any]]:
    return {YESTERDAY - n * DAY: of for n in range(nights)}


SAID: Mapping[str, tuple[Promises, Sequence[Reading], Verdict]] = {
    "nothing was read": (
        NIGHTLY,
        [],
        said(Outcome.UNPROVEN, "Nothing was read.", "no reading", 0),
    ),
    "no rows": (
        replace(NIGHTLY, volume=Volume(minimum=1)),
        [reading(rows=0)],
        said(Outcome.BROKEN, "The latest reading brought no rows at all.", "0 rows", 0),
    ),
    "no cadence": (
        replace(NIGHTLY, cadence=None),
        [drop(files(YESTERDAY, 3))],
        said(
            Outcome.UNPROVEN,
            "No night can be expected: promise a cadence.",
            "not promised",
            0,
        ),
    ),
    "no delivery": (
        NIGHTLY,
        [reading()],
        said(
            Outcome.UNPROVEN,
            "0 of 0 deliveries without a day: put the date into the file's name, or name the "
            "event_time column.",
            "0 of 0 nights good",
            0,
        ),
    ),
    "one of two without a day": (
        NIGHTLY,
        [drop([file(YESTERDAY), replace(file(YESTERDAY), name="notes.csv", day=None)])],
        said(
            Outcome.UNPROVEN,
            "1 of 2 deliveries without a day: put the date into the file's name, or name the "
            "event_time column.",
            "1 of 1 night good",
            1,
        ),
    ),
    "never a row": (
        MAY_BE_EMPTY,
        [drop(files(YESTERDAY, 40, but=days_of(40, EMPTY)))],
        said(
            Outcome.UNPROVEN,
            "No delivery has held a row yet.",
            "40 of 40 nights good",
            40,
        ),
    ),
    "proven": (
        NIGHTLY,
        [drop(files(YESTERDAY, 29))],
        said(
            Outcome.PROVEN,
            "29 of 29 nights good: at least 90.2 % are, with 95 % confidence.",
            "29 of 29 nights good",
            29,
        ),
    ),
    "proven by a hair": (
        replace(NIGHTLY, thresholds=Thresholds(arrivals=0.9018)),
        [drop(files(YESTERDAY, 29))],
        replace(
            said(
                Outcome.PROVEN,
                "29 of 29 nights good: at least 90.19 % are, with 95 % confidence.",
                "29 of 29 nights good",
                29,
            ),
            expected="no bad night, 90.2 % proven",
        ),
    ),
    "one night not looked at": (
        NIGHTLY,
        [night(TODAY - n * DAY) for n in range(29) if n != 9],
        said(
            Outcome.UNPROVEN,
            "28 of 29 nights good: at least 84.7 % are, with 95 % confidence; 1 night not looked "
            "at; 46 are needed for 90 %.",
            "28 of 29 nights good",
            29,
        ),
    ),
    "the latest night was read on another": (
        NIGHTLY,
        [night(TODAY - 2 * DAY), night(YESTERDAY, night=TODAY)],
        said(
            Outcome.UNPROVEN,
            "1 of 2 nights good: at least 2.5 % are, with 95 % confidence; 1 night not looked at "
            "(2026-11-19 was read on 2026-11-20); 46 are needed for 90 %.",
            "1 of 2 nights good",
            2,
        ),
    ),
    "nobody knows when the latest night was read": (
        NIGHTLY,
        [night(TODAY - 2 * DAY), night(YESTERDAY, night=None)],
        said(
            Outcome.UNPROVEN,
            "1 of 2 nights good: at least 2.5 % are, with 95 % confidence; 1 night not looked at; "
            "46 are needed for 90 %.",
            "1 of 2 nights good",
            2,
        ),
    ),
    "bad nights of every kind, worst first and then newest": (
        replace(NIGHTLY, volume=Volume(minimum=10, maximum=60)),
        [
            drop(
                [
                    one
                    for one in files(
                        YESTERDAY,
                        20,
                        but={
                            SUNDAY: EMPTY,
                            SUNDAY - DAY: {"rows": 61},
                            SUNDAY - 2 * DAY: {"rows": 9},
                            SUNDAY - 4 * DAY: {"sha256": f"content of {SUNDAY - 5 * DAY}"},
                            SUNDAY - 6 * DAY: EMPTY,
                        },
                    )
                    if one.day != SUNDAY - 3 * DAY
                ]
            )
        ],
        said(
            Outcome.BROKEN,
            "6 bad nights of 20: Sunday 2026-11-15 came empty, Monday 2026-11-09 came empty, "
            "Wednesday 2026-11-11 brought the content of an earlier delivery again and 3 more.",
            "14 of 20 nights good",
            20,
        ),
    ),
}


@pytest.mark.parametrize(("promises", "taken", "verdict"), SAID.values(), ids=SAID)
def test_a_verdict_is_said_in_full(
    promises: Promises, taken: Sequence[Reading], verdict: Verdict
) -> None:
    assert worded(prove(promises, [*taken, register()])) == verdict
