"""What a proxy says behind its answer to CONNECT, and what then comes through its tunnel."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from connectors.errors import SourceUnavailable
from tests.connectors.http.kept_open import FORGED, Client, Talk, answer
from tests.connectors.http.raw_server import head, server_side, serving
from tests.connectors.proxy_fixture import Passage, passage


@pytest.fixture(params=["http", "https"])
def way(
    request: pytest.FixtureRequest,
    authority: tuple[trustme.CA, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Passage]:
    """Through a proxy, by TLS within TLS too."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority[1]))
    by_tls = request.param == "https"
    with passage(server_side(authority[0].issue_cert("127.0.0.1")) if by_tls else None) as gate:
        yield gate


def test_bytes_behind_the_answer_to_connect_end_the_connection(
    ca_file: Path, tls: ssl.SSLContext
) -> None:
    """And the proxy is named. TLS would not have believed them either."""
    opened = Talk(head(status="200 Connection established") + FORGED)
    asked: list[bool] = []
    with serving(opened) as gate, serving(lambda _: asked.append(True), tls) as url:
        proxy = Passage(url=gate.partition("/data")[0]).proxy(user=None, password=None)
        with (
            Client(url, ca_file=ca_file, proxy=proxy) as client,
            pytest.raises(SourceUnavailable, match=r"end of an answer of proxy 127\.0\.0\.1:"),
        ):
            client.ask()
    assert opened.connections == 1
    assert asked == []


def test_bytes_behind_an_answer_through_a_tunnel_are_the_sources(
    ca_file: Path, tls: ssl.SSLContext, way: Passage
) -> None:
    talk = Talk(answer(b"ok") + FORGED)
    with serving(talk, tls) as url, Client(url, ca_file=ca_file, proxy=way.proxy()) as client:
        with pytest.raises(SourceUnavailable, match="end of an answer; none"):
            client.ask()
        assert client.ask() == b"real"
    assert talk.connections == 2


def test_what_follows_an_error_without_an_end_goes_with_its_tunnel(
    ca_file: Path, tls: ssl.SSLContext, way: Passage
) -> None:
    talk = Talk(head(status="503 Busy") + FORGED)
    with serving(talk, tls) as url, Client(url, ca_file=ca_file, proxy=way.proxy()) as client:
        assert [client.ask(), client.ask()] == [b"", b"real"]
    assert talk.connections == 2


def test_bytes_that_come_later_through_a_tunnel_are_seen(
    ca_file: Path, tls: ssl.SSLContext, way: Passage
) -> None:
    talk = Talk(answer(b"ok"), later=FORGED)
    with serving(talk, tls) as url, Client(url, ca_file=ca_file, proxy=way.proxy()) as client:
        assert client.ask() == b"ok"
        talk.say_later()
        client.wait_for_bytes()
        with pytest.raises(SourceUnavailable, match="end of an answer; none"):
            client.ask()
        assert client.ask() == b"real"


def test_a_tunnel_in_which_nothing_follows_is_kept(
    ca_file: Path, tls: ssl.SSLContext, way: Passage
) -> None:
    """Control."""
    talk = Talk(answer(b"ok"))
    with serving(talk, tls) as url, Client(url, ca_file=ca_file, proxy=way.proxy()) as client:
        assert [client.ask(), client.ask(), client.ask()] == [b"ok", b"real", b"real"]
    assert talk.connections == 1
    assert len(way.heads) == 1
