"""The guards behind the situations of nights: without one, the wrong thing is said."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from harness.claims.nights import date_in
from harness.verdict import Outcome, Verdict
from tests.truth import nights
from tests.truth.situation import Ground


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    with Ground() as made:
        yield made


def _by_its_own_start(read_at: Any, *, since: Any, zone: Any) -> Any:
    return date_in(zone, read_at)


def _however_late(_: Any, *, due_at: Any) -> Any:
    return due_at


SEEN = ("harness.claims.nights.was_seen", lambda _: True)
SEEN_BY_HISTORY = ("harness.ledger.earlier.was_seen", lambda _: True)
ASKED = ("harness.run.history.locator", lambda *_: None)
RECORDED = ("harness.run.run.locator", lambda *_: None)
OWN_START = ("harness.run.recorder.night_of", _by_its_own_start)
NO_TICK = ("harness.run.run.counted_from", lambda began_at, **_: began_at)
EVER = ("harness.run.run.counted_from", _however_late)
LAST = ("harness.ledger.earlier.rank", lambda _: 0)


@pytest.mark.parametrize(
    ("judge", "guards", "wrong"),
    [
        (nights.looked_at_yesterday_today, (SEEN,), Outcome.PROVEN),
        (nights.filled_a_gap, (SEEN, SEEN_BY_HISTORY), Outcome.PROVEN),
        (nights.read_after_midnight, (OWN_START,), Outcome.UNPROVEN),
        (nights.started_late, (NO_TICK,), Outcome.UNPROVEN),
        (nights.executed_the_next_evening, (EVER,), Outcome.PROVEN),
        (nights.another_table, (ASKED, RECORDED), Outcome.PROVEN),
        (nights.another_glob, (ASKED, RECORDED), Outcome.PROVEN),
        (nights.another_path, (ASKED, RECORDED), Outcome.PROVEN),
        (nights.cut_after_whole, (LAST,), Outcome.UNPROVEN),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_without_its_guard_the_wrong_thing_is_said(
    judge: Callable[[Ground], Verdict],
    guards: tuple[tuple[str, Any], ...],
    wrong: Outcome,
    ground: Ground,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, off in guards:
        monkeypatch.setattr(name, off)
    assert judge(ground).outcome is wrong
