"""What hangs or breaks behind a proxy ends at the deadline and is built anew."""

from __future__ import annotations

import ssl
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import SourceUnavailable
from connectors.http.exchange import Connection
from connectors.http.messages import Limits, Request
from tests.connectors.http.raw_server import BODY, drip, head, length, says, serving
from tests.connectors.proxy_fixture import Passage
from tests.connectors.vendor_fixture import plenty


def exchange(url: str, gate: Passage, ca_file: Path, seconds: float = 5.0) -> bytes:
    with Connection(
        ca_file=ca_file,
        budget=plenty(),
        limits=Limits(seconds=seconds),
        emit=lambda _: None,
        proxy=gate.proxy(),
    ) as connection:
        return connection.exchange(Request(url=url)).body


@pytest.mark.parametrize(
    "start", [None, b"", head(length(BODY))], ids=["tunnel", "drip of a head", "drip of a body"]
)
def test_what_hangs_behind_a_proxy_is_cut_at_the_deadline(
    tls: ssl.SSLContext, gate: Passage, ca_file: Path, start: bytes | None
) -> None:
    """And leaves no thread: the worker's end is the proof that its connection was cut."""

    def serve(peer: Any) -> None:
        peer.sendall(start)
        drip(head(length(BODY)) + BODY)(peer)

    gate.answers = [""] if start is None else []
    with serving(serve, tls) as url:
        before = threading.active_count()
        began = time.monotonic()
        with pytest.raises(SourceUnavailable, match=r"no whole answer in 0\.5 s"):
            exchange(url, gate, ca_file, seconds=0.5)
        assert time.monotonic() - began < 3
        wait_for(lambda: threading.active_count() <= before)


def wait_for(true: Any) -> None:
    end = time.monotonic() + 5
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_after_a_tunnel_that_failed_the_next_one_is_built_anew(
    tls: ssl.SSLContext, gate: Passage, ca_file: Path
) -> None:
    """The proxy says that it is open and closes it: the library would keep its one place taken."""
    gate.answers = ["200 OK"]
    with (
        serving(says(head(length(BODY)), BODY), tls) as url,
        Connection(
            ca_file=ca_file,
            budget=plenty(),
            limits=Limits(seconds=5),
            emit=lambda _: None,
            proxy=gate.proxy(),
        ) as connection,
    ):
        with pytest.raises(SourceUnavailable):
            connection.exchange(Request(url=url))
        assert connection.exchange(Request(url=url)).body == BODY
