"""Servers that keep a connection open, and say more on it than their answers."""

from __future__ import annotations

import select
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from connectors.http.exchange import Connection
from connectors.http.messages import Limits, Request
from connectors.http.proxy import Proxy
from tests.connectors.http.raw_server import head, length
from tests.connectors.vendor_fixture import plenty


def answer(body: bytes, *fields: str) -> bytes:
    return head(length(body), *fields) + body


FORGED = answer(b"forged")
REAL = answer(b"real")


@dataclass(slots=True)
class Talk:
    """Says `first` to the first request of all and REAL to every other, and keeps connections."""

    first: bytes
    later: bytes = b""
    """Said when `now` is set, while nothing is asked."""
    now: threading.Event = field(default_factory=threading.Event)
    said: threading.Event = field(default_factory=threading.Event)
    connections: int = 0

    def __call__(self, peer: socket.socket) -> None:
        """One connection, whose first head has been read."""
        self.connections += 1
        peer.sendall(self.first if self.connections == 1 else REAL)
        if self.later and self.connections == 1:
            self.now.wait(5)
            peer.sendall(self.later)
            self.said.set()
        with suppress(OSError):  # the client cut it
            while _heard(peer):
                peer.sendall(REAL)

    def say_later(self) -> None:
        """And wait until it was said."""
        self.now.set()
        assert self.said.wait(5)


def _heard(peer: socket.socket) -> bool:
    heard = b""
    while b"\r\n\r\n" not in heard:
        if not (block := peer.recv(65536)):
            return False
        heard += block
    return True


class Client(Connection):
    """Asks for one address."""

    def __init__(
        self, url: str, *, ca_file: Path | None = None, proxy: Proxy | None = None
    ) -> None:
        self.url = url
        super().__init__(
            ca_file=ca_file,
            budget=plenty(),
            limits=Limits(seconds=5),
            emit=lambda _: None,
            proxy=proxy,
        )

    def ask(self) -> bytes:
        """The body."""
        return self.exchange(Request(url=self.url)).body

    def wait_for_bytes(self) -> None:
        """Until some have arrived, which a proxy passes on a little later."""
        arrived, _, _ = select.select([self._line._socket], [], [], 5)  # noqa: SLF001 - no other tells
        assert arrived
