"""What proofs share: the order of nights, a reading that is not there, spans and zones."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import permutations

import pytest

from harness.claims.measures import because_of
from harness.claims.readings import judge_reading, phrase, readings, span, utc
from harness.verdict import Basis, Outcome, Verdict
from tests.harness.claims.made import DAY, HOUR, NOW, TODAY, failed, night, reading, register

SAY = phrase("fresh", expected="within a day", method="one trial a night")


def said(outcome: Outcome, because: str, observed: str, n: int) -> Verdict:
    return Verdict(
        claim="fresh",
        outcome=outcome,
        because=because,
        expected="within a day",
        observed=observed,
        n=n,
        method="one trial a night",
        basis=Basis.MEASURED,
    )


def test_the_words_of_a_proof_are_all_in_its_verdict() -> None:
    say = phrase("fresh", expected="within a day", method="one trial a night")
    verdict = say(Outcome.BROKEN, "It is late.", "two days", 7)
    assert verdict == said(Outcome.BROKEN, "It is late.", "two days", 7)


def test_nights_are_in_order_and_two_of_one_night_by_their_start() -> None:
    first, again = night(TODAY), reading(slot=TODAY, started_at=NOW + HOUR)
    before = night(TODAY - DAY)
    for found in permutations([first, again, before, register()]):
        assert readings(found) == [before, first, again]
    assert readings([register()]) == []


def test_a_start_without_a_zone_is_in_utc_and_can_be_ordered() -> None:
    naive = reading(started_at=(NOW + HOUR).replace(tzinfo=None))
    assert readings([naive, reading()]) == [reading(), naive]


def test_no_reading_is_unproven() -> None:
    nothing = said(Outcome.UNPROVEN, "Nothing was read.", "no reading", 0)
    assert judge_reading([], SAY) == because_of(nothing, "no reading")


def test_only_the_last_reading_is_asked_whether_it_failed() -> None:
    broken = failed("SourceChanged", "a file is gone")
    error = said(Outcome.ERROR, "The reading failed: a file is gone.", "failed: SourceChanged", 0)
    assert judge_reading([reading(), reading(), broken], SAY) == error
    assert judge_reading([broken, reading()], SAY) is None


@pytest.mark.parametrize(
    ("seconds", "found"),
    [(0.0, 0.0), (0.5, 0.5), (604_799.5, 604_799.5), (604_800.0, 0.0), (-0.001, 0.0)],
)
def test_a_span_out_of_range_is_none(seconds: float, found: float) -> None:
    assert span(seconds) == timedelta(seconds=found)
    assert span(float("nan")) == span(float("inf")) == timedelta()


def test_a_time_is_told_in_utc_and_read_so_without_a_zone() -> None:
    elsewhere = datetime(2026, 11, 20, 6, tzinfo=timezone(2 * HOUR))
    assert utc(elsewhere).isoformat() == "2026-11-20T04:00:00+00:00"
    assert utc(elsewhere.replace(tzinfo=None)).isoformat() == "2026-11-20T06:00:00+00:00"
