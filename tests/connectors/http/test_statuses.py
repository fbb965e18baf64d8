"""Each status says what to do."""

from __future__ import annotations

import socket

import pytest

from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.events import Event, Refused, Waited
from connectors.http.exchange import Connection
from connectors.http.messages import Limits, Request
from connectors.http.status import check_status
from tests.connectors.http.raw_server import (
    BODY,
    GZIP,
    Serve,
    drip,
    exchange,
    head,
    length,
    says,
    serving,
)
from tests.connectors.vendor_fixture import plenty


def answering(status: str, *fields: str) -> Serve:
    return says(head(*fields, "Content-Length: 0", status=status))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("302 Found", SourceChanged),
        ("304 Not Modified", SourceChanged),
        ("307 Temporary Redirect", SourceChanged),
        ("403 Forbidden", AccessDenied),
        ("408 Request Timeout", SourceUnavailable),
        ("429 Too Many Requests", SourceUnavailable),
        ("500 Internal Server Error", SourceUnavailable),
        ("503 Service Unavailable", SourceUnavailable),
    ],
)
def test_each_status_says_what_to_do(status: str, kind: type[SourceError]) -> None:
    code = status[:3]
    with (
        serving(answering(status)) as url,
        pytest.raises(kind, match=rf"/data answered {code}"),
    ):
        check_status(exchange(url))


UNFRAMED = {
    "503 Service Unavailable": SourceUnavailable,
    "429 Too Many Requests": SourceUnavailable,
    "403 Forbidden": AccessDenied,
    "302 Found": SourceChanged,
}
UNREADABLE: dict[str, tuple[tuple[str, ...], bytes]] = {
    "no length": ((), b"try later"),
    "two ends": ((length(BODY), "Transfer-Encoding: chunked"), b"0\r\n\r\n"),
    "another coding": (("Content-Length: 9", "Content-Encoding: br"), b"try later"),
    "no gzip": (("Content-Length: 9", GZIP), b"try later"),
    "too long": ((length(BODY),), BODY),
}


@pytest.mark.parametrize("body", UNREADABLE)
@pytest.mark.parametrize("status", UNFRAMED)
def test_an_error_is_judged_by_its_status_before_its_body(status: str, body: str) -> None:
    """Old gateways write such answers. Nothing of the body is used, nor the connection again."""
    fields, sent = UNREADABLE[body]
    events: list[Event] = []
    answer = head("Retry-After: 7", *fields, status=status) + sent
    small = Limits(bytes=1_000)
    with (
        serving(says(answer)) as url,
        Connection(ca_file=None, budget=plenty(), limits=small, emit=events.append) as connection,
    ):
        for _ in range(2):
            found = connection.exchange(Request(url=url))
            assert (str(found.status), found.body) == (status[:3], b"")
        kind = SourceUnavailable if found.is_overload else UNFRAMED[status]
        with pytest.raises(kind, match=rf"/data answered {status[:3]}"):
            check_status(found)


@pytest.mark.parametrize("more", [b"", b"x" * 200], ids=["silent", "dripping"])
@pytest.mark.parametrize("fields", [(), ("Content-Length: 9000",)], ids=["no length", "a length"])
def test_a_body_without_an_end_holds_no_error_back(fields: tuple[str, ...], more: bytes) -> None:
    """The peer keeps the connection open. A 401 that counted as no answer would be tried again."""

    def serve(peer: socket.socket) -> None:
        peer.sendall(head(*fields, "Retry-After: 7", status="401 Unauthorized") + b"who?")
        drip(more)(peer)
        peer.recv(1)

    with serving(serve) as url:
        found = exchange(url, limits=Limits(seconds=20))
    assert (found.status, found.body, found.retry_after) == (401, b"", 7.0)


def test_a_401_without_a_length_is_a_401_and_a_204_is_empty() -> None:
    with serving(says(head(status="401 Unauthorized"), b"who?")) as url:
        assert exchange(url).status == 401
    with serving(says(head(status="204 No Content"))) as url:
        assert exchange(url).body == b""


def test_a_page_without_a_length_is_none() -> None:
    """Control: what would be used must be whole."""
    with (
        serving(says(head(), BODY)) as url,
        pytest.raises(SourceChanged, match="nothing says where its answer ends"),
    ):
        exchange(url)


def test_a_redirect_is_not_followed() -> None:
    """Not to another origin and not to the same."""
    asked: list[bool] = []
    other = serving(lambda _: asked.append(True))
    with other as elsewhere, serving(answering("302 Found", f"Location: {elsewhere}")) as url:
        assert exchange(url).status == 302
    assert asked == []


def test_a_refusal_is_an_event_with_the_wait_that_was_asked_for() -> None:
    events: list[Event] = []
    with serving(answering("429 Too Many Requests", "Retry-After: 7")) as url:
        answer = exchange(url, events=events)
    assert [(e.status, e.retry_after) for e in events if isinstance(e, Refused)] == [("429", 7.0)]
    with pytest.raises(SourceUnavailable) as raised:
        check_status(answer)
    assert raised.value.retry_after == 7.0


@pytest.mark.parametrize(
    "fields",
    [
        ("X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 7"),
        ("RateLimit-Remaining: 0", "RateLimit-Reset: 7"),
        ("RateLimit: limit=9, remaining=0, reset=7",),
        ('RateLimit: "default";r=0;t=7',),
        (
            "X-RateLimit-Remaining: 0",
            "X-RateLimit-Reset: 1795579207",
            "Date: Wed, 25 Nov 2026 04:00:00 GMT",
        ),
    ],
)
def test_a_refusal_that_says_when_the_quota_is_renewed_asks_for_that_wait(
    fields: tuple[str, ...],
) -> None:
    with serving(answering("429 Too Many Requests", *fields)) as url:
        assert exchange(url).retry_after == 7.0


def test_the_quota_of_a_token_endpoint_holds_no_data_back() -> None:
    events: list[Event] = []
    spent = 'RateLimit: "default";r=0;t=60'
    with (
        serving(says(head(length(BODY), spent, "Connection: close"), BODY)) as url,
        Connection(
            ca_file=None, budget=plenty(), limits=Limits(), emit=events.append
        ) as connection,
    ):
        connection.exchange(Request(url=url, budgeted=False))
        connection.exchange(Request(url=url))
    assert not [event for event in events if isinstance(event, Waited)]


def test_a_spent_quota_is_waited_out_before_it_is_overdrawn() -> None:
    events: list[Event] = []
    spent = 'RateLimit: "default";r=0;t=1'
    with serving(says(head(length(BODY), spent, "Connection: close"), BODY)) as url:
        budget = plenty()
        with Connection(
            ca_file=None, budget=budget, limits=Limits(), emit=events.append
        ) as connection:
            connection.exchange(Request(url=url))
            connection.exchange(Request(url=url))
    (waited,) = [event for event in events if isinstance(event, Waited)]
    assert waited.seconds == pytest.approx(1.0, abs=0.5)
