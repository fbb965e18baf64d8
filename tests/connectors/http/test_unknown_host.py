"""A name that nobody knows is looked up once; a resolver that is busy is asked again."""

from __future__ import annotations

import socket

import pyarrow as pa
import pytest

from connectors.errors import SourceError, SourceUnavailable
from connectors.events import Event, Retried
from connectors.http.proxy import Proxy
from connectors.rest.auth.no_auth import NoAuth
from tests.connectors.scripted import Scripted

SCHEMA = pa.schema([("key", pa.int64())])


def failed(url: str, **changes: object) -> tuple[SourceError, list[Event]]:
    events: list[Event] = []
    rest = Scripted(url=url).rest(auth=NoAuth(), **changes)
    with pytest.raises(SourceError) as raised:
        rest.read("parts", schema=SCHEMA, emit=events.append)
    return raised.value, events


@pytest.fixture
def lookups(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The name service of this machine says to each name what the list holds first."""
    says: list[int] = []

    def look_up(*_: object, **__: object) -> None:
        raise socket.gaierror(says[0], "as the name service says")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return says


@pytest.mark.parametrize("code", [socket.EAI_NONAME, socket.EAI_NODATA])
def test_an_unknown_host_name_is_not_tried_again(lookups: list[int], code: int) -> None:
    lookups.append(code)
    error, events = failed("https://shop.example")
    assert not isinstance(error, SourceUnavailable)
    told = "GET shop.example:443/1: no host is called shop.example: correct base_url of Rest(…)"
    assert str(error).startswith(told)
    assert events == []


def test_a_proxy_that_nobody_knows_is_named(lookups: list[int]) -> None:
    lookups.append(socket.EAI_NONAME)
    error, events = failed("https://shop.example", proxy=Proxy(url="http://proxy.example:3128"))
    assert "no host is called proxy.example: correct url of Proxy(…)" in str(error)
    assert events == []


def test_a_name_service_that_does_not_answer_is_asked_again(lookups: list[int]) -> None:
    """Control."""
    lookups.append(socket.EAI_AGAIN)
    error, events = failed("https://shop.example")
    assert isinstance(error, SourceUnavailable)
    assert len([event for event in events if isinstance(event, Retried)]) == 4


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "shop..example"])
def test_what_can_be_no_name_is_an_unknown_one(host: str) -> None:
    """No name service is asked."""
    error, events = failed(f"https://{host}")
    assert f": no host is called {host}: correct base_url of Rest(…)" in str(error)
    assert events == []
