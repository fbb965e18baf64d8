"""T05: the lag of a source that is empty, or whose clock is wrong, is unknown. It is never 0."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from contracts.promises import Volume
from harness.claims.fresh import prove
from harness.dagster.metadata import of_reading
from harness.facts import Reading
from harness.report import words
from harness.report.figures import figures, newest_lag
from harness.verdict import Outcome
from tests.golden.contract import CONTRACT
from tests.harness.claims.made import DAY, EMPTY, HOUR, NIGHTLY, TODAY, drop, files, night

LAST = TODAY - DAY


def _empty() -> Reading:
    """A table without a row."""
    one = night(TODAY, rows=0, newest_event_at=None, oldest_event_at=None)
    return replace(one, deliveries=(replace(one.deliveries[0], rows=0, newest_event_at=None),))


def _of_a_wrong_clock() -> Reading:
    """Its newest file has events three hours after it arrived."""
    return drop((*files(LAST - DAY, 3), *files(LAST, 1, lag=-3 * HOUR)))


def _last_came_empty() -> Reading:
    return drop(files(LAST, 4, but={LAST: EMPTY}))


@pytest.mark.parametrize("least", [0, 1])
def test_t05_an_empty_source_has_no_lag(least: int) -> None:
    promised = replace(NIGHTLY, volume=Volume(minimum=least))
    verdict = prove(promised, [_empty()])
    assert (verdict.outcome, verdict.observed, verdict.n) == (
        Outcome.UNPROVEN,
        "lag unknown",
        0,
    )


def test_t05_good_nights_before_it_do_not_prove_an_empty_one() -> None:
    nights = [night(TODAY - n * DAY) for n in range(1, 80)]
    assert prove(NIGHTLY, [*nights, _empty()]).outcome is Outcome.UNPROVEN
    assert prove(NIGHTLY, [*nights, night(TODAY)]).outcome is Outcome.PROVEN


def test_t05_a_wrong_clock_breaks_the_promise() -> None:
    verdict = prove(NIGHTLY, [_of_a_wrong_clock()])
    assert verdict.outcome is Outcome.BROKEN
    assert verdict.observed == "3 h 00 m ahead"


def test_t05_without_that_guard_it_would_be_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.claims.fresh._ahead", lambda *_: None)
    assert prove(NIGHTLY, [_of_a_wrong_clock()]).outcome is not Outcome.BROKEN


@pytest.mark.parametrize("made", [_empty, _of_a_wrong_clock, _last_came_empty])
def test_t05_the_figure_is_unknown_in_report_and_dagster(made: Callable[[], Reading]) -> None:
    assert words.hours(newest_lag(made())) == words.UNKNOWN
    assert "lag_seconds" not in of_reading(made(), CONTRACT)


def test_t05_the_figure_is_there_where_it_is_known() -> None:
    known = drop(files(LAST, 4))
    assert newest_lag(known) == timedelta(minutes=30)
    assert of_reading(known, CONTRACT)["lag_seconds"] == 1_800


def test_t05_without_that_guard_the_figure_is_less_than_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("harness.report.figures.is_ahead", lambda _: False)
    assert newest_lag(_of_a_wrong_clock()) == -3 * HOUR


def test_t05_the_chart_names_the_delivery() -> None:
    lags = figures(_of_a_wrong_clock(), {}, name="it")[0]
    assert lags.caption.endswith("with events after their arrival: Thu 19 Nov.")
    assert "without any event" not in lags.caption
