"""A source that says how often it may be asked is heard, on a clock that passes while we wait."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler

import pytest

from connectors.errors import SourceUnavailable
from connectors.events import Refused, Retried, Waited, WaitReason
from connectors.http import rate_limit_headers, sent
from connectors.http.messages import Answer
from connectors.http.rate_limit_headers import exhausted_for
from connectors.rate_limiter import RateLimiter
from connectors.retry import RetryPolicy
from tests.connectors.rest.keyed import SCHEMA, keys
from tests.connectors.scripted import Asked, Said, documents, paged, scripted
from tests.connectors.test_budget import Clock
from tests.connectors.vendor_fixture import Run, read

PAGES = documents([{"key": 1}], [{"key": 2}], [{"key": 3}])
SERVERS_DATE = "Mon, 23 Nov 2026 06:00:00 GMT"
"""Far from our clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """What one reading came to."""

    run: Run
    by_reason: list[tuple[WaitReason, float]]
    paths: list[str]


def reading(
    *before: Said,
    headers: Mapping[str, str] | None = None,
    uniform: Callable[[float, float], float] = lambda _low, _high: 0.0,
    attempts: int = 5,
) -> Waits:
    """Read three pages, of which the first is answered by `before` first, and has `headers`."""
    clock, failures = Clock(now=1_000.0), list(before)
    first = {"content-type": "application/json", **(headers or {})}

    def answers(asked: Asked) -> Said:
        if asked.path == "/1" and failures:
            return failures.pop(0)
        if asked.path == "/1":
            return Said(PAGES["/1"].body, headers=first)
        return paged(PAGES)(asked)

    with scripted(answers) as source:
        run = read(
            source.rest(
                budget=RateLimiter(1_000, 1, monotonic=clock.monotonic, sleep=clock.sleep),
                patience=RetryPolicy(
                    attempts=attempts,
                    monotonic=clock.monotonic,
                    sleep=clock.sleep,
                    uniform=uniform,
                ),
            ),
            schema=SCHEMA,
        )
        paths = source.paths()
    assert keys(run) == [1, 2, 3]
    return Waits(run=run, by_reason=[(e.why, e.seconds) for e in run.of(Waited)], paths=paths)


def refusal(**headers: str) -> Said:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Said({}, 429, {"content-type": "application/json", **named})


def test_h01_a_429_is_waited_out_as_long_as_it_asks_and_is_no_failure() -> None:
    got = reading(refusal(retry_after="7"))
    assert [why for why, _ in got.by_reason] == [WaitReason.RETRY_AFTER]
    assert 7.0 <= got.by_reason[0][1] <= 7.7
    assert [event.retry_after for event in got.run.of(Refused)] == [7.0]


def test_h01_the_control_that_does_not_hear_it_comes_back_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Answer, "retry_after", None)
    assert reading(refusal(retry_after="7")).by_reason == [(WaitReason.BACKOFF, 0.0)]


@pytest.mark.parametrize(
    "until",
    [
        "Mon, 23 Nov 2026 06:00:30 GMT",
        "Monday, 23-Nov-26 06:00:30 GMT",
        "Mon Nov 23 06:00:30 2026",
    ],
)
def test_h02_a_date_is_held_against_the_servers_own_and_not_our_clock(
    until: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BaseHTTPRequestHandler, "date_time_string", lambda _: SERVERS_DATE)
    got = reading(refusal(retry_after=until))
    assert got.by_reason == [(WaitReason.RETRY_AFTER, 30.0)]


def test_h02_the_control_by_our_own_clock_would_wait_for_another_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(BaseHTTPRequestHandler, "date_time_string", lambda _: SERVERS_DATE)
    monkeypatch.setattr(rate_limit_headers, "_answered_at", lambda _headers, now: now)
    got = reading(refusal(retry_after="Mon, 23 Nov 2026 06:00:30 GMT"))
    assert got.by_reason[0][1] != 30.0


@pytest.mark.parametrize("seed", range(3))
def test_h04_without_advice_the_wait_is_backoff_with_full_jitter(seed: int) -> None:
    ceilings: list[float] = []
    chance = random.Random(seed)

    def uniform(low: float, high: float) -> float:
        ceilings.append(high)
        return chance.uniform(low, high)

    got = reading(*[refusal()] * 3, uniform=uniform)
    waits = [seconds for why, seconds in got.by_reason if why is WaitReason.BACKOFF]
    assert ceilings == [0.5, 1.0, 2.0]
    assert all(0 <= wait <= most for wait, most in zip(waits, ceilings, strict=True))
    assert len(set(waits)) == 3


def test_h04_the_control_without_chance_waits_just_the_ceilings() -> None:
    got = reading(*[refusal()] * 3, uniform=lambda _low, high: high)
    assert got.by_reason == [(WaitReason.BACKOFF, most) for most in (0.5, 1.0, 2.0)]


def test_h05_a_429_for_ever_ends_after_five_requests_for_a_page_with_its_reason() -> None:
    """How many there are: `test_page_failures.py`."""
    with pytest.raises(SourceUnavailable, match="answered 429"):
        reading(*[refusal()] * 50)


def test_h05_the_control_with_more_attempts_outlasts_as_many_refusals() -> None:
    assert len(reading(*[refusal()] * 5, attempts=6).run.of(Refused)) == 5


def test_h06_a_quota_that_is_spent_is_waited_for_before_the_429() -> None:
    got = reading(headers={"ratelimit": '"default";r=0;t=50'})
    assert got.by_reason == [(WaitReason.BUDGET, 50.0)]
    assert got.run.of(Refused) == got.run.of(Retried) == []


def test_h06_the_control_that_does_not_hear_it_asks_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sent, "exhausted_for", lambda *_, **__: None)
    assert reading(headers={"ratelimit": '"default";r=0;t=50'}).by_reason == []


def test_h06_where_a_refusal_says_both_retry_after_wins() -> None:
    got = reading(refusal(retry_after="3", ratelimit='"default";r=0;t=50'))
    assert got.by_reason == [(WaitReason.RETRY_AFTER, 3.0)]


@pytest.mark.parametrize(
    "headers",
    [
        {"ratelimit": '"default";r=zero;t=50'},
        {"ratelimit": '"default";r=0;t=1893456000'},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "in a minute"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "99999999999999"},
    ],
)
def test_h07_what_says_nothing_or_fifty_years_is_no_wait(headers: Mapping[str, str]) -> None:
    assert reading(headers=headers).by_reason == []


def test_h07_the_control_that_believes_all_would_wait_for_fifty_years(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    years = 50 * 365.25 * 86_400
    monkeypatch.setattr(rate_limit_headers, "_seconds", lambda reset, *_: reset and float(reset))
    monkeypatch.setattr(sent, "exhausted_for", partial(exhausted_for, at_most=years))
    got = reading(headers={"x-ratelimit-remaining": "0", "x-ratelimit-reset": f"{years}"})
    assert got.by_reason == [(WaitReason.BUDGET, years)]


def test_h09_a_500_is_asked_once_more_and_the_rows_are_the_same() -> None:
    got = reading(Said({}, 500))
    assert got.paths.count("/1") == 2
    assert len(got.run.of(Retried)) == 1


def test_h09_the_control_that_asks_once_reads_nothing() -> None:
    with pytest.raises(SourceUnavailable, match="answered 500"):
        reading(Said({}, 500), attempts=1)
