"""A real gateway's quota and tokens that expire are kept and survived."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from connectors.events import (
    Authenticated,
    Refused,
    Retried,
    Waited,
    WaitReason,
)
from connectors.rate_limiter import RateLimiter
from connectors.slots import SpentByOthers
from tests.connectors.vendor_fixture import (
    HELD,
    PARTS,
    SCHEMA,
    Run,
    Shop,
    plenty,
    read,
    shop,
)

HALF = {"endpoints": {"parts": replace(PARTS, path=PARTS.path.replace("=50", "=100"))}}
"""Half as many pages."""


@pytest.fixture(scope="module")
def narrow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A vendor with 5 requests in 2 s, whose tokens live 4 s."""
    base = tmp_path_factory.mktemp("s")
    with shop(base, requests=5, seconds=2, token_seconds=4) as running:
        yield running


@pytest.fixture
def short(narrow: Shop) -> Shop:
    """The same, with nothing of its quota spent by the test before."""
    time.sleep(2.1)
    return narrow


def test_a_token_that_expires_between_two_pages_is_renewed(short: Shop) -> None:
    """No row is lost or doubled, and the source refused nothing but expired tokens."""
    before = short.answered()
    run = read(short.rest(RateLimiter(5, 2)))
    assert run.rows() == HELD
    renewed = [event.renewed for event in run.of(Authenticated)]
    assert renewed[0] is False
    assert True in renewed[1:]
    refused = [event.status for event in run.of(Refused)]
    assert refused == ["401"] * (len(renewed) - 1)
    spent = short.answered() - before
    assert not [status for status, _ in spent if status == "429"]


def test_the_budget_is_waited_for_and_the_gateway_never_refuses(short: Shop) -> None:
    """Two readers share one budget and with it the quota."""
    before = short.answered()
    budget = RateLimiter(5, 2)
    runs = at_once(short.rest(budget, **HALF), short.rest(budget, **HALF))
    assert [run.rows() for run in runs] == [HELD, HELD]
    assert all(run.of(Waited) for run in runs)
    assert {event.why for run in runs for event in run.of(Waited)} == {WaitReason.BUDGET}
    assert not [status for status, _ in short.answered() - before if status == "429"]


def test_two_pilots_with_a_limiter_each_share_the_budget_of_their_account(short: Shop) -> None:
    """As two runs at once do: nothing but the file of the account joins them."""
    before = short.answered()
    runs = at_once(short.rest(RateLimiter(5, 2), **HALF), short.rest(RateLimiter(5, 2), **HALF))
    assert [run.rows() for run in runs] == [HELD, HELD]
    assert not [status for status, _ in short.answered() - before if status == "429"]
    others = [sum(event.requests for event in run.of(SpentByOthers)) for run in runs]
    assert 0 < sum(others) <= (short.answered() - before).total()


def test_without_a_shared_budget_the_gateway_refuses_and_its_advice_is_followed(
    short: Shop,
) -> None:
    """Control to the test above: each with a budget that knows nothing of the quota."""
    before = short.answered()
    runs = at_once(short.rest(plenty(), **HALF), short.rest(plenty(), **HALF))
    assert [run.rows() for run in runs] == [HELD, HELD]
    refused = [e for run in runs for e in run.of(Refused) if e.status == "429"]
    told = sum(n for (status, _), n in (short.answered() - before).items() if status == "429")
    assert len(refused) == told > 0
    assert all(event.retry_after is not None for event in refused)
    waits = [e for run in runs for e in run.of(Waited) if e.why is WaitReason.RETRY_AFTER]
    assert [wait.seconds for wait in waits] == [event.retry_after for event in refused]
    assert len([e for run in runs for e in run.of(Retried)]) == len(refused)


def at_once(*connectors: object) -> list[Run]:
    runs: list[Run] = [Run() for _ in connectors]

    def reading(connector, run: Run) -> None:
        run.table = connector.read("parts", schema=SCHEMA, emit=run.events.append).read_all()

    threads = [
        threading.Thread(target=reading, args=pair) for pair in zip(connectors, runs, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return runs
