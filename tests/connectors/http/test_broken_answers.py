"""Servers that break HTTP, byte for byte, have not answered."""

from __future__ import annotations

import gzip
import socket
import zlib

import pytest

from connectors.errors import SourceChanged, SourceError, SourceUnavailable
from connectors.events import Event
from connectors.peer import Connected
from tests.connectors.http.raw_server import (
    BODY,
    GZIP,
    Serve,
    exchange,
    head,
    length,
    says,
    serving,
)


def reset(peer: socket.socket) -> None:
    peer.sendall(head(length(BODY)) + BODY[:5_000])
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


HALF = gzip.compress(BODY)[:-400]


WRONG_SUM = gzip.compress(BODY)[:-8] + b"\0" * 8


BROKEN: dict[str, tuple[Serve, type[SourceError]]] = {
    "N05 reset in the body": (reset, SourceUnavailable),
    "N06 end without framing": (says(head(), BODY[:5_000]), SourceChanged),
    "N06 whole without framing": (says(head(), BODY), SourceChanged),
    "N07 length too large": (
        says(head(f"Content-Length: {len(BODY) + 1}"), BODY),
        SourceUnavailable,
    ),
    "N08 length too small": (says(head("Content-Length: 10"), BODY), SourceUnavailable),
    "N09 no last chunk": (
        says(head("Transfer-Encoding: chunked"), b"%x\r\n%b\r\n" % (len(BODY), BODY)),
        SourceUnavailable,
    ),
    "N10 two lengths": (
        says(head(length(BODY), "Content-Length: 5"), BODY),
        SourceUnavailable,
    ),
    "N11 truncated gzip": (says(head(length(HALF), GZIP), HALF), SourceUnavailable),
    "N11 gzip without its trailer": (
        says(head(length(gzip.compress(BODY)[:-8]), GZIP), gzip.compress(BODY)[:-8]),
        SourceUnavailable,
    ),
    "N12 second member cut": (
        says(head(length(gzip.compress(BODY) + HALF), GZIP), gzip.compress(BODY) + HALF),
        SourceUnavailable,
    ),
    "N13 wrong checksum": (says(head(length(WRONG_SUM), GZIP), WRONG_SUM), SourceChanged),
    "N13 no gzip at all": (says(head(length(BODY), GZIP), BODY), SourceChanged),
    "N13 trailing garbage": (
        says(head(length(gzip.compress(BODY) + b"junk"), GZIP), gzip.compress(BODY) + b"junk"),
        SourceChanged,
    ),
    "an encoding not asked for": (
        says(head(length(zlib.compress(BODY)), "Content-Encoding: deflate"), zlib.compress(BODY)),
        SourceChanged,
    ),
    "N17 8 MB of head": (
        says(head(*[f"X-{n}: {'x' * 8_000}" for n in range(1_000)], length(BODY)), BODY),
        SourceUnavailable,
    ),
    "no answer at all": (lambda _: None, SourceUnavailable),
    "no HTTP": (says(b"SSH-2.0-server\r\n\r\n"), SourceUnavailable),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_answer_is_no_answer(case: str) -> None:
    serve, kind = BROKEN[case]
    events: list[Event] = []
    with serving(serve) as url, pytest.raises(SourceError) as raised:
        exchange(url, events=events)
    assert type(raised.value) is kind
    assert not [event for event in events if not isinstance(event, Connected)]
    assert "\n" not in str(raised.value)
    assert "canary" not in str(raised.value)
