"""Bytes behind an answer's end never become the next answer (RFC 9112 6.3)."""

from __future__ import annotations

import gzip
import ssl
from pathlib import Path

import pytest

from connectors.errors import SourceUnavailable
from connectors.http.silence import Silence
from tests.connectors.http.kept_open import FORGED, REAL, Client, Talk, answer
from tests.connectors.http.raw_server import GZIP, head, serving

CHUNKED = head("Transfer-Encoding: chunked") + b"2\r\nok\r\n0\r\n\r\n"
PACKED = gzip.compress(b"ok")
ENDED: dict[str, bytes] = {
    "a length": answer(b"ok"),
    "a length of gzip": answer(PACKED, GZIP),
    "an empty body": answer(b""),
    "the last chunk": CHUNKED,
    "a trailer": CHUNKED.removesuffix(b"\r\n") + b"X-Sum: 1\r\n\r\n",
    "204": head(status="204 No Content"),
    "304": head(status="304 Not Modified"),
    "an answer that closes": answer(b"ok", "Connection: close"),
}
Secured = tuple[ssl.SSLContext | None, Path | None]


@pytest.fixture(params=["plain", "TLS"])
def secured(request: pytest.FixtureRequest, tls: ssl.SSLContext, ca_file: Path) -> Secured:
    return (tls, ca_file) if request.param == "TLS" else (None, None)


@pytest.mark.parametrize("behind", [FORGED, FORGED[:9], b"\0"], ids=["answer", "half", "byte"])
@pytest.mark.parametrize("case", ENDED)
def test_bytes_that_come_with_an_answer_end_the_connection(
    secured: Secured, case: str, behind: bytes
) -> None:
    talk = Talk(ENDED[case] + behind)
    tls, ca_file = secured
    with serving(talk, tls) as url, Client(url, ca_file=ca_file) as client:
        with pytest.raises(SourceUnavailable, match="bytes came behind the end of an answer;"):
            client.ask()
        assert client.ask() == b"real"
    assert talk.connections == 2


def test_bytes_that_come_while_nothing_is_asked_end_it_too(secured: Secured) -> None:
    """They are seen before the next request is written."""
    talk = Talk(answer(b"ok"), later=FORGED)
    tls, ca_file = secured
    with serving(talk, tls) as url, Client(url, ca_file=ca_file) as client:
        assert client.ask() == b"ok"
        talk.say_later()
        with pytest.raises(SourceUnavailable, match="none was used"):
            client.ask()
        assert client.ask() == b"real"
    assert talk.connections == 2


@pytest.mark.parametrize("case", [name for name in ENDED if name != "an answer that closes"])
def test_a_connection_on_which_nothing_follows_is_kept(secured: Secured, case: str) -> None:
    """Control: also where TLS itself speaks between two answers, with its session tickets."""
    talk = Talk(ENDED[case])
    tls, ca_file = secured
    with serving(talk, tls) as url, Client(url, ca_file=ca_file) as client:
        assert client.ask() in (b"ok", b"")
        assert [client.ask(), client.ask()] == [b"real", b"real"]
    assert talk.connections == 1


WITHOUT_AN_END = {
    "no length": head(status="503 Busy"),
    "two ends": head("Content-Length: 2", "Transfer-Encoding: chunked", status="503 Busy"),
    "half a chunk": head("Transfer-Encoding: chunked", status="503 Busy") + b"zz\r\n",
}


@pytest.mark.parametrize("case", WITHOUT_AN_END)
def test_what_follows_an_error_without_an_end_is_no_answer(secured: Secured, case: str) -> None:
    """Its status is believed, and the connection ended with all that is on it."""
    talk = Talk(WITHOUT_AN_END[case] + FORGED)
    tls, ca_file = secured
    with serving(talk, tls) as url, Client(url, ca_file=ca_file) as client:
        assert [client.ask(), client.ask(), client.ask()] == [b"", b"real", b"real"]
    assert talk.connections == 2


def test_a_peer_that_ends_its_connection_is_asked_on_a_new_one(secured: Secured) -> None:
    """Control: the end of a connection is no byte."""
    tls, ca_file = secured
    with (
        serving(lambda peer: peer.sendall(REAL), tls) as url,
        Client(url, ca_file=ca_file) as client,
    ):
        assert [client.ask(), client.ask()] == [b"real", b"real"]


def test_without_the_look_a_forged_answer_would_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: this is what the HTTP library does."""
    monkeypatch.setattr(Silence, "require", lambda _: None)
    with serving(Talk(answer(b"ok") + FORGED)) as url, Client(url) as client:
        assert [client.ask(), client.ask()] == [b"ok", b"forged"]


def test_answers_that_are_announced_are_none() -> None:
    """RFC 9110 15.2: any number of 1xx may come before an answer."""
    early = head("Link: </a>", status="103 Early Hints") + head(status="102 Processing")
    talk = Talk(early + answer(b"ok"))
    with serving(talk) as url, Client(url) as client:
        assert [client.ask(), client.ask()] == [b"ok", b"real"]
    assert talk.connections == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (("Content-Length: 12", "Transfer-Encoding: chunked"), "Content-Length and Transfer"),
        (("Transfer-Encoding: chunked", "Content-Length: 2"), "Content-Length and Transfer"),
        (("Content-Length: 12", "Content-Length: 2"), "broke off"),
        (("Content-Length: 12, 2",), "broke off"),
    ],
)
def test_an_answer_with_two_ends_is_none(fields: tuple[str, ...], said: str) -> None:
    talk = Talk(head(*fields) + b"2\r\nok\r\n0\r\n\r\n" + FORGED)
    with serving(talk) as url, Client(url) as client:
        with pytest.raises(SourceUnavailable, match=said):
            client.ask()
        assert client.ask() == b"real"
    assert talk.connections == 2


def test_the_same_length_said_twice_is_one() -> None:
    """Control; RFC 9112 6.3 (5)."""
    with serving(Talk(answer(b"ok", "Content-Length: 2"))) as url, Client(url) as client:
        assert client.ask() == b"ok"
