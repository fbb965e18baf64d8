"""Each status says what to do."""

from __future__ import annotations

import pytest

from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.events import Event, Refused, Waited
from connectors.http.exchange import Connection, check_status
from connectors.http.messages import Limits, Request
from tests.connectors.http.raw_server import BODY, Serve, exchange, head, length, says, serving
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
