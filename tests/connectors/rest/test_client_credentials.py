"""Tokens: how they are asked for, kept, renewed and refused."""

from __future__ import annotations

import base64
import threading
import time
from contextlib import nullcontext
from itertools import count
from types import SimpleNamespace

import pyarrow as pa
import pytest

from connectors.errors import AccessDenied, SourceChanged, SourceUnavailable
from connectors.events import Authenticated, Event, Refused, Waited, WaitReason
from connectors.http.messages import Answer, Request
from connectors.rate_limiter import RateLimiter
from connectors.rest.auth import converse, renewing
from connectors.rest.auth.bearer import Bearer
from connectors.rest.auth.client_credentials import ClientCredentials
from connectors.rest.connector import Rest
from connectors.retry import RetryPolicy
from connectors.secrets import Secret
from tests.connectors.scripted import TOKEN, Asked, Said, documents, paged, scripted
from tests.connectors.vendor_fixture import Run, read

SCHEMA = pa.schema([("key", pa.int64())])
PAGES = documents([{"key": 1}], [{"key": 2}])


def denied(said: Said) -> tuple[AccessDenied, list[str], Run]:
    run = Run()
    with scripted(lambda _: said) as source:
        with pytest.raises(AccessDenied) as raised:
            source.rest().read("parts", schema=SCHEMA, emit=run.events.append)
        return raised.value, source.paths(), run


def test_the_token_request_is_as_rfc_6749_writes_it() -> None:
    """2.3.1: id and secret are form-encoded before Basic joins them with a colon."""
    odd = ClientCredentials(
        token_path="/token", client_id="id:1", client_secret=Secret("env:X", "p%\u00fc +")
    )
    with scripted(paged(PAGES)) as source:
        read(source.rest(auth=odd), schema=SCHEMA)
        asked = source.asked[0]
    pair = base64.b64encode(b"id%3A1:p%25%C3%BC+%2B").decode()
    assert (asked.method, asked.headers["authorization"]) == ("POST", f"Basic {pair}")
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert asked.body == b"grant_type=client_credentials"


def test_the_token_goes_with_each_page_and_is_asked_for_once() -> None:
    with scripted(paged(PAGES)) as source:
        read(source.rest(), schema=SCHEMA)
        assert source.paths() == ["/token", "/1", "/2"]
        assert {asked.headers["authorization"] for asked in source.asked[1:]} == {"Bearer t0"}


def test_each_reading_has_a_token_of_its_own() -> None:
    with scripted(paged(PAGES)) as source:
        connector = source.rest()
        read(connector, schema=SCHEMA)
        read(connector, schema=SCHEMA)
        assert source.paths().count("/token") == 2


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (400, "check the client id and env:X"),
        (401, "check the client id and env:X"),
        (403, "check the client's grants"),
    ],
)
def test_refused_credentials_are_not_tried_again(status: int, told: str) -> None:
    error, paths, run = denied(Said({"error": "invalid_client"}, status=status))
    assert f"answered {status}: {told}" in str(error)
    assert paths == ["/token"]
    assert [event.status for event in run.of(Refused)] == [str(status)]


def test_a02_a_token_that_is_never_accepted_is_not_renewed() -> None:
    """A new one would be worth no more, and each is a log-in."""
    run = Run()
    with scripted(paged({"/1": Said(status=401)})) as source:
        with pytest.raises(AccessDenied, match="/1 answered 401 to a new token: check the client"):
            source.rest().read("parts", schema=SCHEMA, emit=run.events.append)
        assert source.paths() == ["/token", "/1"]
    assert [event.renewed for event in run.of(Authenticated)] == [False]


def test_a02_a_token_that_was_accepted_once_is_renewed_once() -> None:
    run = Run()
    with scripted(paged({**PAGES, "/2": Said(status=401)})) as source:
        with pytest.raises(AccessDenied, match="page 2 answered 401 after one renewal: check the"):
            read_into(run, source.rest())
        assert source.paths() == ["/token", "/1", "/2", "/token", "/2"]
    assert [event.renewed for event in run.of(Authenticated)] == [False, True]


def read_into(run: Run, rest: Rest) -> None:
    rest.read("parts", schema=SCHEMA, emit=run.events.append).read_all()


def test_a01_only_a_token_that_had_worked_is_told_as_renewed() -> None:
    issued = count()
    accepted = {"/1": "Bearer t0", "/2": "Bearer t1"}

    def answers(asked: Asked) -> Said:
        if asked.path == "/token":
            return Said({**TOKEN, "access_token": f"t{next(issued)}"})
        good = asked.headers["authorization"] == accepted[asked.path]
        return PAGES[asked.path] if good else Said(status=401)

    with scripted(answers) as source:
        run = read(source.rest(), schema=SCHEMA)
        assert source.paths() == ["/token", "/1", "/2", "/token", "/2"]
    assert [event.renewed for event in run.of(Authenticated)] == [False, True]
    assert run.table is not None
    assert run.table["key"].to_pylist() == [1, 2]


def test_a01_without_a_renewal_the_same_source_gives_no_row() -> None:
    """The control: a log-in that nobody renews ends there."""
    source_of = paged({**PAGES, "/2": Said(status=401)})
    with scripted(source_of) as source:
        bearer = Bearer(token=Secret("env:X", "t0"))
        with pytest.raises(AccessDenied, match="page 2 answered 401: check env:X"):
            read(source.rest(auth=bearer), schema=SCHEMA)
        assert source.paths() == ["/1", "/2"]


@pytest.mark.parametrize(
    "said",
    [
        Said({**TOKEN, "token_type": "mac"}),
        Said({**TOKEN, "access_token": ""}),
        Said({**TOKEN, "access_token": "t\r\nx-evil: 1"}),
        Said({**TOKEN, "access_token": 7}),
        Said({"token_type": "Bearer"}),
        Said(b"<html>"),
        Said(b"[" * 100_000),
        Said(status=204),
        Said({"error": "none"}, status=404),
        Said(b'{"access_token": "a\\ud800", "token_type": "Bearer"}'),
    ],
)
def test_an_answer_without_a_bearer_token_is_refused(said: Said) -> None:
    with scripted(lambda _: said) as source:
        with pytest.raises(SourceChanged, match=r"without a bearer token.*: check token_path"):
            read(source.rest(), schema=SCHEMA)
        assert source.paths() == ["/token"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ('"access_token": "b"', "has a key twice in one object"),
        ('"x": {"a": 1, "a": 1}', "has a key twice in one object"),
        (f'"x": {"[" * 900}{"]" * 900}', "is nested more than 64 deep"),
        ('"x": "\udcff"', "is not UTF-8"),
    ],
    ids=["token twice", "key twice", "deep", "bytes"],
)
def test_no_token_is_taken_from_an_answer_that_can_be_read_in_two_ways(
    more: str, why: str
) -> None:
    body = f'{{"access_token": "a", "token_type": "Bearer", {more}}}'
    with scripted(lambda _: Said(body.encode(errors="surrogateescape"))) as source:
        with pytest.raises(SourceChanged, match=f"bearer token, its JSON {why}: check"):
            read(source.rest(), schema=SCHEMA)
        assert source.paths() == ["/token"]


def test_half_a_character_beside_a_token_is_no_matter_of_the_token() -> None:
    """The control: RFC 8259 8.2 allows it in a text."""
    beside = Said(b'{"access_token": "t0", "token_type": "Bearer", "x": "\\ud800"}')
    with scripted(lambda asked: beside if asked.path == "/token" else PAGES[asked.path]) as source:
        assert read(source.rest(), schema=SCHEMA).table is not None


def test_a_token_endpoint_that_is_busy_is_asked_again() -> None:
    failures = [Said(status=503)]

    def answers(asked: Asked) -> Said:
        return failures.pop() if failures else paged(PAGES)(asked)

    with scripted(answers) as source:
        read(source.rest(), schema=SCHEMA)
        assert source.paths() == ["/token", "/token", "/1", "/2"]


def test_a_token_endpoint_of_another_origin_gets_no_secret() -> None:
    with scripted(paged(PAGES)) as source, scripted(paged({})) as other:
        auth = ClientCredentials(
            token_path=f"{other.url}/token", client_id="id", client_secret=Secret("env:X", "s")
        )
        with pytest.raises(SourceChanged, match="another origin"):
            read(source.rest(auth=auth), schema=SCHEMA)
        assert (source.asked, other.asked) == ([], [])


def test_token_requests_are_not_held_back_by_the_budget() -> None:
    with scripted(paged(documents([{"key": 1}]))) as source:
        run = read(source.rest(budget=RateLimiter(1, 60)), schema=SCHEMA)
    assert run.of(Waited) == []


def test_a_token_endpoint_that_asks_to_wait_holds_no_data_back() -> None:
    """It waits for its own answer alone; the budget is of the data."""
    failures = [Said(status=503, headers={"retry-after": "60"})]

    def answers(asked: Asked) -> Said:
        return failures.pop() if failures else paged(PAGES)(asked)

    waits: list[float] = []
    with scripted(answers) as source:
        run = read(source.rest(patience=RetryPolicy(sleep=waits.append)), schema=SCHEMA)
    assert waits == [60.0]
    assert [event.why for event in run.of(Waited)] == [WaitReason.RETRY_AFTER]


def renewed_together() -> tuple[list[int], int, list[Event]]:
    """Eight requests meet at the source with the expired token before any is answered."""
    issued = count()
    together = threading.Barrier(8)
    events: list[Event] = []

    def send(request: Request) -> Answer:
        status, body = 200, b""
        if request.method == "POST":
            time.sleep(0.05)  # long enough for the others to ask too, if they may
            body = b'{"access_token": "t%d", "token_type": "bearer"}' % next(issued)
        elif request.url.endswith("/page") and request.headers["authorization"] == "Bearer t0":
            together.wait(10)
            status = 401
        return Answer(what=request.what, url=request.url, status=status, headers={}, body=body)

    credentials = ClientCredentials(
        token_path="/token", client_id="id", client_secret=Secret("env:X", "s")
    )
    bearer = credentials.begin("http://127.0.0.1:1", events.append)
    converse(bearer(Request(url="http://127.0.0.1:1/first")), send)
    answers: list[int] = []

    def work() -> None:
        request = Request(url="http://127.0.0.1:1/page")
        answers.append(converse(bearer(request), send).status)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers, next(issued), events


def test_a03_threads_that_find_a_token_refused_together_renew_it_once() -> None:
    answers, issued, events = renewed_together()
    assert answers == [200] * 8
    assert (issued, len(events)) == (2, 2)


def test_a03_without_the_lock_each_of_them_renews_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: they do meet."""
    monkeypatch.setattr(renewing, "threading", SimpleNamespace(Lock=nullcontext))
    _, issued, _ = renewed_together()
    assert issued > 2


def test_a_failed_token_request_lets_the_next_thread_try() -> None:
    """The lock is not kept by a conversation that ended in an error."""
    credentials = ClientCredentials(
        token_path="/token", client_id="id", client_secret=Secret("env:X", "s")
    )
    bearer = credentials.begin("http://127.0.0.1:1", lambda _: None)
    request = Request(url="http://127.0.0.1:1/page")

    def down(_: Request) -> Answer:
        raise SourceUnavailable("down")

    for _ in range(2):
        with pytest.raises(SourceUnavailable, match="down"):
            converse(bearer(request), down)
