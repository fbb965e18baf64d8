"""What one answer may cost: time, bytes, threads and sockets."""

from __future__ import annotations

import gzip
import resource
import socket
import threading
import time
import zlib
from pathlib import Path

import pytest

from connectors import bounds
from connectors.errors import SourceChanged, SourceUnavailable
from connectors.http.exchange import Connection
from connectors.http.messages import Limits, Request
from tests.connectors.http.raw_server import (
    BODY,
    GZIP,
    drip,
    exchange,
    head,
    length,
    says,
    serving,
)
from tests.connectors.vendor_fixture import plenty


@pytest.mark.parametrize("start", [b"", head(length(BODY))], ids=["N15 head", "N15 body"])
def test_n15_a_drip_ends_at_the_deadline(start: bytes) -> None:
    """Each byte comes well within any time-out of a single read; all of them never would."""

    def serve(peer: socket.socket) -> None:
        peer.sendall(start)
        drip(head(length(BODY)) + BODY)(peer)

    with (
        serving(serve) as url,
        pytest.raises(SourceUnavailable, match=r"no whole answer in 0\.5 s"),
    ):
        exchange(url, limits=Limits(seconds=0.5))


def test_after_a_deadline_the_connection_is_used_anew() -> None:
    calls: list[int] = []

    def serve(peer: socket.socket) -> None:
        calls.append(1)
        (drip(BODY) if len(calls) == 1 else says(head(length(BODY)), BODY))(peer)

    with (
        serving(serve) as url,
        Connection(
            ca_file=None, budget=plenty(), limits=Limits(seconds=0.5), emit=lambda _: None
        ) as connection,
    ):
        with pytest.raises(SourceUnavailable):
            connection.exchange(Request(url=url))
        assert connection.exchange(Request(url=url)).body == BODY


def test_no_thread_and_no_socket_is_left() -> None:
    def handles() -> tuple[int, int]:
        return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))

    with serving(says(head(length(BODY)), BODY)) as url:
        exchange(url)
        time.sleep(0.2)
        before = handles()
        for _ in range(20):
            exchange(url)
        time.sleep(0.2)
        assert handles() == before


def endless(peer: socket.socket) -> None:
    peer.sendall(head("Transfer-Encoding: chunked"))
    while True:
        peer.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def test_n16_an_endless_body_ends_at_the_cap() -> None:
    with serving(endless) as url, pytest.raises(SourceChanged, match="larger than 1000000 bytes"):
        exchange(url, limits=Limits(bytes=1_000_000))


def test_n16_an_endless_body_that_stays_below_the_cap_ends_at_the_deadline() -> None:
    def slowly(peer: socket.socket) -> None:
        peer.sendall(head("Transfer-Encoding: chunked"))
        while True:
            peer.sendall(b"1\r\nx\r\n")
            time.sleep(0.01)

    with serving(slowly) as url, pytest.raises(SourceUnavailable, match="no whole answer in"):
        exchange(url, limits=Limits(seconds=0.5))


def test_n14_a_bomb_is_dropped_while_it_is_small() -> None:
    """300 MB of zeros in 291 kB cost less than 64 MB."""
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join([*(packer.compress(bytes(1 << 20)) for _ in range(300)), packer.flush()])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with (
        serving(says(head(length(bomb), GZIP), bomb)) as url,
        pytest.raises(SourceChanged, match="unpacks to too much"),
    ):
        exchange(url)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10


@pytest.mark.attempt(4)
def test_a_body_of_many_empty_members_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: the last lines, where the bound is one higher."""
    body = gzip.compress(b"") * 3 + gzip.compress(BODY)
    with serving(says(head(length(body), GZIP), body)) as url:
        monkeypatch.setattr(bounds, "GZIP_MEMBERS", 3)
        with pytest.raises(
            SourceChanged, match=r"more than 3 gzip members: have it packed as one"
        ):
            exchange(url)
        monkeypatch.setattr(bounds, "GZIP_MEMBERS", 4)
        assert exchange(url).body == BODY


@pytest.mark.attempt(4)
@pytest.mark.parametrize("coding", ["deflate", "br", "zstd", "gzip, gzip", "gzip, deflate"])
def test_a_coding_that_we_did_not_ask_for_is_not_unpacked(coding: str) -> None:
    """Control: `test_a_body_of_many_empty_members_is_refused`, whose gzip is unpacked."""
    with (
        serving(says(head(length(BODY), f"Content-Encoding: {coding}"), BODY)) as url,
        pytest.raises(SourceChanged, match="encoded in a way that was not asked for"),
    ):
        exchange(url)


@pytest.mark.attempt(4)
def test_n17_headers_without_end_are_refused() -> None:
    """The library's own bound, 100 KiB. Control: the last lines, under it."""
    wide = [f"x-{n}: {'v' * 1_000}" for n in range(200)]
    with (
        serving(says(head(length(BODY), *wide), BODY)) as url,
        pytest.raises(SourceUnavailable, match=r"its answer broke off \(RemoteProtocolError\)"),
    ):
        exchange(url)
    with serving(says(head(length(BODY), *wide[:50]), BODY)) as url:
        assert exchange(url).body == BODY
