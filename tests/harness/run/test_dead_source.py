"""What fifty datasets of one source ask of it when it is down, refuses us or comes back."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest

from bench.outage import PAGE, Answer, Night, read
from connectors.errors import SourceUnavailable
from connectors.rest.auth import Auth
from connectors.rest.auth.basic import Basic
from connectors.rest.auth.bearer import Bearer
from connectors.rest.auth.client_credentials import ClientCredentials
from connectors.retry import RetryPolicy
from connectors.secrets import Secret
from harness import tags
from harness.facts import Failure, Reading
from harness.run.circuit_breaker import why_not_asked
from tests.connectors.scripted import TOKEN, Asked, Said
from tests.golden.facts import READING

ALL = 50
MOST = 1.2 * ALL + 10
SECRET = Secret("env:SECRET", "s3cret")


def always(status: int, **headers: str) -> Answer:
    said = Said({}, status, {name.replace("_", "-"): value for name, value in headers.items()})
    return lambda *_: said


def failures(night: Night) -> set[str]:
    return {reading.failure.kind for reading in night.readings if reading.failure is not None}


@pytest.mark.parametrize(
    "answer",
    [
        always(503),
        always(503, retry_after="0"),
        always(503, retry_after="Mon, 23 Nov 1992 06:00:00 GMT"),
        always(429, retry_after="soon"),
        always(500, retry_after="30"),
        always(408),
    ],
    ids=["503", "at once", "in the past", "invalid", "30 s", "408"],
)
def test_a_dead_api_is_asked_a_few_times_by_all_datasets_together(answer: Answer) -> None:
    night = read(ALL, answer)
    assert len(night.paths) <= 20 < MOST
    assert (night.lost, failures(night)) == (ALL, {"SourceUnavailable"})
    assert night.seconds > 70, "the source had time to come back"


def test_retry_after_0_is_no_order_to_hammer() -> None:
    """Five tries in a row would take no time at all."""
    waits: list[float] = []
    policy = RetryPolicy(sleep=waits.append, uniform=lambda _, ceiling: ceiling)
    night = read(1, always(503, retry_after="0"), patience=policy)
    assert len(night.paths) == 5
    assert waits == [0.5, 1.0, 2.0, 4.0]


def test_a_wait_of_two_days_costs_one_request_a_dataset_at_most() -> None:
    night = read(ALL, always(503, retry_after="172800"))
    assert night.paths == [f"/d{number}" for number in range(5)]
    assert night.readings[0].failure is not None
    assert "a wait of 172,800 s" in night.readings[0].failure.message


def test_an_outage_of_a_minute_costs_few_datasets_and_few_requests() -> None:
    night = read(ALL, lambda _, at: Said({}, 503) if at < 60 else PAGE)
    assert night.lost <= 5
    assert len(night.paths) <= MOST


def test_errors_at_random_are_retried_within_the_budget_of_the_source() -> None:
    numbers = itertools.count()
    night = read(ALL, lambda *_: PAGE if next(numbers) % 2 else Said({}, 503))
    assert len(night.paths) <= MOST


def test_nothing_is_asked_twice_of_a_source_that_is_well() -> None:
    """Control."""
    night = read(ALL, lambda *_: PAGE)
    assert (len(night.paths), night.lost, night.seconds) == (ALL, 0, 0.0)


LOG_INS: dict[str, Callable[[], Auth]] = {
    "basic": lambda: Basic(user="us", password=SECRET),
    "bearer": lambda: Bearer(token=SECRET),
    "OAuth": lambda: ClientCredentials(token_path="/token", client_id="us", client_secret=SECRET),
}


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("kind", LOG_INS)
def test_a_refused_log_in_is_one_try_a_run(kind: str, status: int) -> None:
    """The second or third could lock the account."""
    night = read(ALL, always(status), auth=LOG_INS[kind]())
    assert len(night.paths) == 1
    assert (night.lost, failures(night)) == (ALL, {tags.ACCESS_DENIED})


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("kind", LOG_INS)
def test_probes_never_try_our_own_credentials(kind: str, status: int) -> None:
    shown: list[str] = []

    def answer(asked: Asked, _: float) -> Said:
        shown.append(asked.headers.get("authorization", ""))
        return Said({}, status)

    auth = LOG_INS[kind]()
    read(3, answer, auth=auth, stranger_allowed=True, probe=True)
    alone: list[str] = []
    read(
        1,
        lambda asked, _: alone.append(asked.headers["authorization"]) or Said({}, status),
        auth=auth,
    )
    assert shown.count(alone[0]) == 1
    assert len(shown) > 3


def test_a_token_that_is_issued_and_refused_is_one_try_a_run() -> None:
    night = read(
        ALL,
        lambda asked, _: Said(TOKEN) if asked.path == "/token" else Said({}, 401),
        auth=LOG_INS["OAuth"](),
    )
    assert night.paths == ["/token", "/d0"]


def test_a_dataset_that_is_refused_after_a_log_in_keeps_no_other_from_being_read() -> None:
    """Control."""

    def answer(asked: Asked, _: float) -> Said:
        if asked.path == "/token":
            return Said(TOKEN)
        return Said({}, 403) if asked.path == "/d0" else PAGE

    assert read(9, answer, auth=LOG_INS["OAuth"]()).lost == 1


def test_probes_of_a_dead_source_stop_after_two() -> None:
    """A source that does not answer is not asked twice for each of its datasets."""
    policy = RetryPolicy(sleep=lambda _: None)
    night = read(
        ALL,
        always(503),
        probe=True,
        stranger_allowed=True,
        auth=LOG_INS["basic"](),
        base_url="http://127.0.0.1:1",
        patience=policy,
    )
    (probed,) = night.probed
    assert [probe.status for probe in probed.probes] == ["no answer"] * 2 * ALL
    assert sum("was not sent" in probe.detail for probe in probed.probes) == 2 * ALL - 2


def test_probes_that_a_server_cannot_answer_stop_after_two_as_well() -> None:
    night = read(ALL, always(503), probe=True, stranger_allowed=True, auth=LOG_INS["basic"]())
    assert len(night.paths) == 2 + 3, "and each trial after a wait"
    refusing = read(ALL, always(401), probe=True, stranger_allowed=True, auth=LOG_INS["basic"]())
    assert len(refusing.paths) == 2 * ALL + 1, "control: a refusal is an answer"


DOWN = Failure(kind=tags.of_error(SourceUnavailable("")), message="gone")


def failed(failure: Failure | None, n: int) -> list[Reading]:
    return [replace(READING, failure=failure, declared=None, authentications=0)] * n


def test_a_source_that_was_down_is_not_asked_by_the_next_process_either() -> None:
    assert why_not_asked(failed(DOWN, 5)) == DOWN
    assert why_not_asked(failed(DOWN, 4)) is None
    assert why_not_asked([*failed(DOWN, 4), *failed(None, 1), *failed(DOWN, 4)]) is None
    assert why_not_asked(failed(Failure(kind=tags.SOURCE_CHANGED, message="moved"), 9)) is None
    broke_off = [replace(one, declared=READING.declared) for one in failed(DOWN, 9)]
    assert READING.declared is not None
    assert why_not_asked(broke_off) is None
