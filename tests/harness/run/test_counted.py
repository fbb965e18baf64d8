"""What a reading and a probe count of what a source answers; real servers on loopback."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest

from connectors.connector import Probe
from connectors.errors import SourceUnavailable
from connectors.events import (
    Answered,
    Emit,
    Event,
    Overloaded,
    Refused,
    Retried,
    Waited,
    WaitReason,
)
from connectors.rate_limiter import RateLimiter
from connectors.rest.auth.api_key import ApiKey
from connectors.secrets import Secret
from harness.facts import Failure, StatusCount
from harness.run.circuit_breaker import OpenCircuit
from harness.run.probe import probe
from harness.run.sums import Sums, counted
from tests.connectors.http.raw_server import head, serving
from tests.connectors.scripted import Said, scripted

KEY = ApiKey(key=Secret("env:KEY", "k"), header="X-Key")


def summed(events: Sequence[Event]) -> Sums:
    sums = Sums()
    for event in events:
        sums.add(event)
    return sums


def answered(status: str, attempt: int, what: str = "GET /1") -> Answered:
    return Answered(what=what, status=status, seconds=0.1, bytes=0, attempt=attempt)


def again(attempt: int, what: str = "GET /1") -> Retried:
    return Retried(what=what, attempt=attempt, why="because")


def test_a_request_that_is_sent_again_counts_by_the_answer_before_it() -> None:
    sums = summed(
        [
            *(answered("503", 1), again(2), answered("500", 2), again(3)),
            *(answered("503", 3), again(4), answered("200", 4)),
        ]
    )
    assert counted(sums.resent) == (StatusCount(status="500", n=1), StatusCount(status="503", n=2))
    assert sums.retries == 3


def test_a_request_without_an_answer_is_sent_again_after_none() -> None:
    """A connection that broke refused nobody: neither first, nor after another's answer."""
    sums = summed([again(2), answered("503", 1, "GET /2"), again(2), answered("503", 1), again(3)])
    assert counted(sums.resent) == ()
    assert sums.retries == 3


def test_a_refusal_for_the_number_is_counted_by_its_status() -> None:
    sums = summed(
        [
            Overloaded(what="list", status="SlowDown"),
            Refused(what="GET /1", status="429"),
            Refused(what="GET /1", status="401"),
        ]
    )
    assert (sums.throttled, counted(sums.overloads)) == (1, (StatusCount(status="SlowDown", n=1),))
    assert sums.refusals_for_number() == (
        StatusCount(status="429", n=1),
        StatusCount(status="SlowDown", n=1),
    )


@pytest.fixture
def limited() -> Iterator[str]:
    """A server that limits whoever asks."""
    answer = head("Content-Length: 0", "Connection: close", status="429 Too Many Requests")
    with serving(lambda peer: peer.sendall(answer)) as url:
        yield url.partition("/data")[0]


def test_the_answers_to_probes_are_counted(limited: str) -> None:
    log: list[Event] = []
    with scripted(lambda _: Said(status=401)) as source:
        rest = source.rest(auth=KEY, stranger_allowed=True)
        probed = probe(rest, source="it", permission=None, log=log.append)
        assert (probed.attempts, probed.overloads) == (2, ()) == (len(source.asked), ())
        assert sum(isinstance(event, Answered) for event in log) == 2
        probed = probe(
            source.rest(auth=KEY, stranger_allowed=True, base_url=limited),
            source="it",
            permission=None,
            log=log.append,
        )
    assert (probed.attempts, probed.overloads) == (2, (StatusCount(status="429", n=2),))


def test_probes_wait_for_the_budget_like_any_request() -> None:
    """They may count against a quota by address: no more go at once than it allows."""
    log: list[Event] = []
    with scripted(lambda _: Said(status=401)) as source:
        budget = RateLimiter(1, 1.0)
        rest = source.rest(auth=KEY, stranger_allowed=True, budget=budget)
        probe(rest, source="it", permission=None, log=log.append)
    assert [e.why for e in log if isinstance(e, Waited)] == [WaitReason.BUDGET]


NOTHING = Failure(kind="AccessDenied", message="")


@dataclass(frozen=True)
class Failing(OpenCircuit):
    """Answers one probe, and breaks."""

    def probe(self, *, emit: Emit) -> Sequence[Probe]:
        """Ask once."""
        emit(answered("401", 1))
        raise SourceUnavailable("gone: try later")


def test_a_probe_that_fails_is_a_fact_with_what_was_answered_before() -> None:
    probed = probe(
        Failing(endpoint="it", why=NOTHING), source="it", permission=None, log=lambda _: None
    )
    assert probed.failure is not None
    assert (probed.failure.message, probed.attempts, probed.probes) == ("gone: try later", 1, ())
