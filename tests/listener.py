"""Somebody who listens in place of a PostgreSQL, and keeps all that is shown to it."""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from tests.accepting import accepting

_SSL_REQUEST = struct.pack("!I", 80877103)
IN_CLEAR = b"R" + struct.pack("!II", 8, 3)
BY_MD5 = b"R" + struct.pack("!II", 12, 5) + b"salt"
LETS_IN = b"R" + struct.pack("!II", 8, 0) + b"Z" + struct.pack("!I", 5) + b"I"
"""Asks for nothing, and is ready."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    port: int = 0
    shown: list[bytes] = field(default_factory=list)
    """After TLS, if there is any."""
    answered: list[bytes] = field(default_factory=list)
    """What came when it asked for a password."""
    certificates: list[object] = field(default_factory=list)
    """Whom a client said to be."""


@contextmanager
def listening(
    asks: bytes = IN_CLEAR,
    *,
    tls: ssl.SSLContext | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
) -> Iterator[Listener]:
    """It asks for a password so; without `tls` it declines any."""
    one = Listener()
    with accepting(lambda peer: _talk(peer, one, asks, tls), host=host, port=port) as at:
        yield replace(one, port=at)


def _talk(peer: socket.socket, one: Listener, asks: bytes, tls: ssl.SSLContext | None) -> None:
    first = peer.recv(4096)
    if first[4:8] == _SSL_REQUEST:
        peer.sendall(b"S" if tls else b"N")
        if tls:
            with tls.wrap_socket(peer, server_side=True) as private:
                one.certificates.append(private.getpeercert())
                _ask(private, private.recv(4096), one, asks)
            return
        first = peer.recv(4096)
    _ask(peer, first, one, asks)


def _ask(peer: socket.socket, first: bytes, one: Listener, asks: bytes) -> None:
    if first:
        one.shown.append(first)
        peer.sendall(asks)
        if answer := peer.recv(4096):
            one.answered.append(answer)
