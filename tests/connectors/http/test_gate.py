"""A connection whose other end is gone before it could be judged."""

from __future__ import annotations

import socket
import struct
from typing import Any

import pytest

from connectors.errors import SourceUnavailable
from connectors.http.egress import Egress
from connectors.http.gate import Gate
from connectors.http.messages import Request
from connectors.http.sent import Sent

AT_ONCE = struct.pack("ii", 1, 0)
"""A close that resets the connection."""


class Stream:
    """As httpcore gives one: over a real socket."""

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected

    def get_extra_info(self, _name: str) -> Any:
        return self._socket.getpeername()

    def close(self) -> None:
        self._socket.close()


def test_a_peer_that_is_gone_again_is_unavailable_and_nothing_stays_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        ours = socket.create_connection(listener.getsockname())
        theirs, _ = listener.accept()
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        theirs.close()
        with pytest.raises(ConnectionResetError):
            ours.recv(1)
        gate = Gate(Egress(), proxy=None, setting="base_url", also=lambda _event, _info: None)
        gate.begin(Sent(Request(url="http://127.0.0.1:1/parts"), None))
        with pytest.raises(SourceUnavailable, match="it ended as soon as it was made"):
            gate.trace("connection.connect_tcp.complete", {"return_value": Stream(ours)})
        assert ours.fileno() == -1
