"""Forty ways in which a server fails a log-in, most of them with the log-in in its answer."""

from __future__ import annotations

import base64
import contextlib
import html
import json
import re
import socket
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import quote, unquote

from estate.process import free_port
from tests.accepting import accepting

Answer = Callable[[str], bytes]
"""What is sent back to whoever sent so much; Latin-1 in text."""
_QUIET_SECONDS = 0.03


def _http(
    status: str, body: Answer = lambda it: it.encode("latin-1"), *, head: Answer = lambda _: b""
) -> Answer:
    def answer(sent: str) -> bytes:
        content = body(sent)
        size = f"content-length: {len(content)}\r\nconnection: close\r\n".encode("latin-1")
        kind = b"content-type: application/json\r\n"
        return (
            f"HTTP/1.1 {status}\r\n".encode("latin-1")
            + kind
            + size
            + head(sent)
            + b"\r\n"
            + content
        )

    return answer


def _line(sent: str) -> str:
    return re.sub(r"[\0-\x1f\x7f]+", " ", sent)


def _in_header(name: str) -> Answer:
    return lambda sent: f"{name}: {_line(sent)}\r\n".encode("latin-1")


def _json(sent: str) -> bytes:
    return json.dumps({"error": sent, "rows": [{"key": sent}], "next": sent}).encode()


def _postgresql(severity: str, code: str) -> Answer:
    def answer(sent: str) -> bytes:
        fields = f"S{severity}\0C{code}\0M{_line(sent)}\0D{_line(sent)}\0\0".encode("latin-1")
        return b"E" + struct.pack("!I", len(fields) + 4) + fields

    return answer


def _decoded(sent: str) -> str:
    """With every log-in in it as a person would write it."""
    found = [re.sub(r"=+$", "", one) for one in re.findall(r"[A-Za-z0-9+/]{16,}=*", sent)]
    texts = [base64.b64decode(one + "=" * (-len(one) % 4), validate=False) for one in found
             if len(one) % 4 != 1]  # fmt: skip
    return " ".join([unquote(sent), *(text.decode("latin-1") for text in texts)])


ANSWERS: Mapping[str, Answer] = {
    "nothing": lambda _: b"",
    "what it got": lambda sent: sent.encode("latin-1"),
    "what it got, as a line": lambda sent: f"{_line(sent)}\r\n".encode("latin-1"),
    "what it got, decoded": lambda sent: _decoded(sent).encode(),
    "NULs": lambda _: b"\0" * 200,
    "a line without end": lambda sent: f"{_line(sent)} ".encode("latin-1") * 20,
    "a page of HTML": lambda sent: f"<h1>{html.escape(sent)}</h1>".encode(),
    "an alert of TLS": lambda _: b"\x15\x03\x01\x00\x02\x02\x28",
    "a banner of SSH": lambda sent: f"SSH-2.0-{_line(sent)[:200]}\r\n".encode("latin-1"),
    "a greeting that refuses": lambda sent: f"554 {_line(sent)}\r\n".encode("latin-1"),
    "a mail server that refuses the log-in": lambda _: b"220 mail.example ESMTP\r\n",
    "PostgreSQL: the password is wrong": _postgresql("FATAL", "28P01"),
    "PostgreSQL: no such database": _postgresql("FATAL", "3D000"),
    "PostgreSQL: it starts": _postgresql("FATAL", "57P03"),
    "PostgreSQL: an error of its own": _postgresql("ERROR", "XX000"),
    "PostgreSQL: no TLS, and the password in clear": lambda _: b"N",
    **{f"HTTP {status}": _http(status) for status in ("400 Bad Request", "404 Not Found")},
    **{f"HTTP {status}": _http(status, _json) for status in ("401 No", "403 No", "422 No")},
    **{f"HTTP {status}": _http(status) for status in ("500 Error", "502 Error", "503 Error")},
    "HTTP 401 that asks": _http("401 No", head=_in_header("www-authenticate")),
    "HTTP 407 of a proxy": _http("407 No", head=_in_header("proxy-authenticate")),
    "HTTP 429 that says until when": _http("429 No", head=_in_header("retry-after")),
    "HTTP 200 that is no JSON": _http("200 OK"),
    "HTTP 200 of other JSON": _http("200 OK", _json),
    "HTTP 200, decoded": _http("200 OK", lambda sent: _json(_decoded(sent))),
    "HTTP 200 in base64": _http("200 OK", lambda sent: base64.b64encode(sent.encode())),
    "HTTP 200 that is no gzip": _http("200 OK", head=lambda _: b"content-encoding: gzip\r\n"),
    "HTTP 200 of an encoding": _http("200 OK", head=_in_header("content-encoding")),
    "HTTP 200 of a charset": _http("200 OK", head=_in_header("content-type")),
    "HTTP 200, half": lambda sent: _http("200 OK")(sent)[:-9],
    "HTTP 200, a cookie": _http("200 OK", head=_in_header("set-cookie")),
    "HTTP 200, another link": _http(
        "200 OK", head=lambda sent: f'link: <{quote(sent)}>; rel="next"\r\n'.encode()
    ),
    "HTTP 307 to elsewhere": _http(
        "307 There",
        head=lambda sent: f"location: http://x.example/{quote(sent)}\r\n".encode("latin-1"),
    ),
    "a status line": lambda sent: f"HTTP/1.1 {_line(sent)}\r\n\r\n".encode("latin-1"),
    "a header without a name": lambda sent: f"HTTP/1.1 200 OK\r\n{_line(sent)}\r\n\r\n".encode(
        "latin-1"
    ),
    "a chunk of no size": lambda sent: (
        f"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{_line(sent)}\r\n".encode("latin-1")
    ),
    "two lengths": _http("200 OK", head=lambda _: b"content-length: 7\r\n"),
}
REFUSED, RESET = "no server", "a reset"
WAYS = (REFUSED, RESET, *ANSWERS)


@contextmanager
def failing(way: str) -> Iterator[tuple[int, list[str]]]:
    """The port of a server that fails so, and all that it was sent."""
    sent: list[str] = []
    if way == REFUSED:
        yield free_port(), sent
        return

    def talk(peer: socket.socket) -> None:
        sent.append(_received(peer))
        if way == RESET:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return
        peer.sendall(ANSWERS[way](sent[-1]))
        if way.startswith("a mail server"):
            _refuse_mail(peer, sent)
        elif way.startswith("PostgreSQL: no TLS"):
            sent.append(_received(peer))
            peer.sendall(b"R" + struct.pack("!II", 8, 3))
        elif way.startswith("PostgreSQL"):
            return
        with contextlib.suppress(OSError):
            peer.shutdown(socket.SHUT_WR)
            sent.append(_received(peer))

    with accepting(talk) as port:
        yield port, sent


def _refuse_mail(peer: socket.socket, sent: list[str]) -> None:
    for said in ("250-mail.example\r\n250 AUTH PLAIN LOGIN", "535 {} {}"):
        sent.append(_received(peer))
        line = said.format(_line(sent[-1]), _line(_decoded(sent[-1])))
        peer.sendall(f"{line}\r\n".encode("latin-1"))


def _received(peer: socket.socket) -> str:
    """All that comes until it is quiet: whoever waits for our greeting sends nothing first."""
    got = b""
    peer.settimeout(_QUIET_SECONDS)
    with contextlib.suppress(TimeoutError):
        while piece := peer.recv(1 << 16):
            got += piece
    peer.settimeout(5)
    return got.decode("latin-1")
