"""Bodies that are whole are read whole, however they are framed and packed."""

from __future__ import annotations

import gzip

import pytest

from connectors.events import Answered, Event
from connectors.http.gzip import gunzip
from tests.connectors.http.raw_server import (
    BODY,
    GZIP,
    exchange,
    head,
    length,
    says,
    serving,
)

WHOLE = {
    "plain": says(head(length(BODY)), BODY),
    "chunked": says(
        head("Transfer-Encoding: chunked"), b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)
    ),
    "gzip": says(head(length(gzip.compress(BODY)), GZIP), gzip.compress(BODY)),
    "gzip of two members": says(
        head(length(gzip.compress(BODY[:99]) + gzip.compress(BODY[99:])), GZIP),
        gzip.compress(BODY[:99]) + gzip.compress(BODY[99:]),
    ),
}


@pytest.mark.parametrize("case", WHOLE)
def test_a_whole_body_is_read_whole(case: str) -> None:
    events: list[Event] = []
    with serving(WHOLE[case]) as url:
        assert exchange(url, events=events).body == BODY
    (answered,) = [event for event in events if isinstance(event, Answered)]
    assert (answered.status, answered.bytes, answered.attempt) == ("200", len(BODY), 1)
    assert "canary" not in repr(events)


def test_what_is_merely_repetitive_is_no_bomb() -> None:
    body = b"[" + b"0," * 400_000 + b"0]"
    packed = gzip.compress(body)
    assert len(body) > 200 * len(packed)
    assert gunzip([packed], what="x", max_bytes=1 << 20, max_ratio=200) == body


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_pieces_of_any_size_unpack_to_the_same(size: int) -> None:
    packed = gzip.compress(BODY * 40) + gzip.compress(b"") + gzip.compress(BODY)
    pieces = [packed[at : at + size] for at in range(0, len(packed), size)]
    assert gunzip(pieces, what="x", max_bytes=1 << 28, max_ratio=10_000) == BODY * 41
