"""A source that is asked for several pages at once suffers no more than its owner allowed."""

from __future__ import annotations

from collections import Counter

import pytest

from connectors.errors import SourceUnavailable
from connectors.events import Answered, Overloaded, Refused, Retried
from connectors.rate_limiter import RateLimiter
from connectors.retry import RetryPolicy
from tests.connectors.rest.keyed import SCHEMA, keys
from tests.connectors.rest.numbered import ALL, PAGES, STYLES, Numbered
from tests.connectors.scripted import Asked, Said
from tests.connectors.vendor_fixture import Run, read


@pytest.mark.parametrize("style", STYLES)
def test_no_window_at_the_source_holds_more_than_the_quota(style: str) -> None:
    """However many may be under way: each takes a slot of the budget."""
    source = Numbered()
    with source.running(pages=STYLES[style], budget=RateLimiter(5, 0.2)) as (rest, _):
        assert keys(read(rest, schema=SCHEMA)) == ALL
    stamps = sorted(when for _, when in source.came)
    assert all(after - first >= 0.2 for first, after in zip(stamps, stamps[5:], strict=False))
    assert source.most > 1


def test_without_a_budget_the_window_holds_more() -> None:
    """Control."""
    source = Numbered()
    with source.running() as (rest, _):
        read(rest, schema=SCHEMA)
    stamps = sorted(when for _, when in source.came)
    assert any(after - first < 0.2 for first, after in zip(stamps, stamps[5:], strict=False))


def refuse_once(status: int, headers: dict[str, str], *, pages: set[int]) -> Numbered:
    """Each of the pages once, for how many requests there are or because it is down."""
    seen: Counter[int] = Counter()
    source = Numbered()

    def answer(number: int, _: Asked) -> Said | None:
        seen[number] += 1
        if number in pages and seen[number] == 1:
            return Said(status=status, headers=headers)
        if number in pages:
            source.most = 0  # counted from here on
        return None

    source.answer = answer
    return source


@pytest.mark.parametrize(
    ("status", "headers"),
    [(429, {"retry-after": "1"}), (503, {"retry-after": "1"}), (503, {}), (500, {})],
)
def test_after_a_failure_it_is_asked_one_at_a_time(status: int, headers: dict[str, str]) -> None:
    """From the second try of page 4 on, and for its other datasets, too."""
    source = refuse_once(status, headers, pages={4})
    with source.running() as (rest, _):
        assert keys(read(rest, schema=SCHEMA)) == ALL
        assert source.most == 1
        assert keys(read(rest, schema=SCHEMA)) == ALL
    assert source.most == 1
    before, again = [when for number, when in source.came if number == 4][:2]
    assert again - before >= (1.0 if headers else 0.0)


def test_a_source_that_is_well_is_asked_at_once_again() -> None:
    """Control to the second reading above."""
    source = Numbered()
    with source.running() as (rest, _):
        read(rest, schema=SCHEMA)
        source.most = 0
        read(rest, schema=SCHEMA)
    assert source.most > 1


def test_a_wait_that_one_answer_asks_for_holds_for_all() -> None:
    """Page 9 is refused and asks for a second; page 3 is to be tried again at once."""
    seen: Counter[int] = Counter()

    def answer(number: int, _: Asked) -> Said | None:
        seen[number] += 1
        if seen[number] > 1:
            return None
        if number == 9:
            return Said(status=429, headers={"retry-after": "1"})
        return Said(status=503) if number == 3 else None

    source = Numbered(answer=answer, seconds=lambda number: 0.3 if number == 3 else 0.0)
    with source.running() as (rest, _):
        assert keys(read(rest, schema=SCHEMA)) == ALL
    refused = dict(source.came[::-1])[9]
    assert [n for n, when in source.came if refused + 0.05 < when < refused + 1.0] == []


def test_what_is_sent_again_is_counted_and_told() -> None:
    """Each request that the source saw is an event, in order, and each second try as well."""
    source, run = refuse_once(429, {}, pages={3, 5, 6}), Run()
    with source.running() as (rest, _):
        run = read(rest, schema=SCHEMA)
    answered = [event for event in run.of(Answered) if "/pages" in event.what]
    assert len(answered) == len(source.came)
    assert [event.status for event in answered].count("429") == 3
    assert len(run.of(Refused)) == len(run.of(Retried)) == 3
    assert run.of(Overloaded) == []


def test_a_source_that_is_down_gets_as_few_requests_as_one_at_a_time() -> None:
    """Page 5 stays down: five tries of it, and what was under way with the first."""
    source = Numbered(answer=lambda number, _: Said(status=503) if number == 5 else None)
    quick = RetryPolicy(backoff_seconds=0.001)
    failed = pytest.raises(SourceUnavailable, match="/pages page 5 answered 503")
    with source.running(patience=quick) as (rest, _), failed:
        read(rest, schema=SCHEMA)
    counts = Counter(source.numbers())
    assert counts[5] == 5
    assert max(count for number, count in counts.items() if number != 5) == 1
    assert max(counts) <= 12


def test_a_source_that_refuses_everything_gets_the_retries_of_one() -> None:
    """Ten at once and one for every five requests, whatever is under way."""
    source = Numbered(answer=lambda number, _: Said(status=429) if number > 1 else None)
    quick = RetryPolicy(backoff_seconds=0.001)
    failed = pytest.raises(SourceUnavailable, match="/pages page 2 answered 429")
    with source.running(patience=quick) as (rest, _), failed:
        read(rest, schema=SCHEMA)
    assert len(source.came) <= 1 + 8 + 4
    assert len([number for number in source.numbers() if number > PAGES]) == 0
