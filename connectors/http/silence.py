"""Bytes behind the end of an answer are no answer of ours, however much they look like one.

    look ─▶ request ─▶ answer, to its end ─▶ anything read beyond it? anything waiting? ─▶ look …

RFC 9112 6.3 forbids to process them as a separate response. The HTTP library keeps what it read
beyond an answer and begins the next one with it, so we look before it can.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable, Mapping
from typing import Any, Protocol

_NOT_NOW = (BlockingIOError, ssl.SSLWantReadError)
"""Nothing is there, or nothing but a record of TLS itself, such as a session ticket."""


class Stream(Protocol):
    """A connection, encrypted or not, as the library that httpx stands on has it."""

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """What has come, at most so much; an error of that library, with its cause."""

    def close(self) -> None:
        """End it."""


class UnaskedBytes(Exception):
    """The peer sent more than its answer."""


class Silence:
    """What one client's connection must keep while no answer is due."""

    def __init__(self, transport: Any, *, also: Callable[[str, Mapping[str, Any]], None]) -> None:
        self._transport = transport
        self._also = also
        self._stream: Stream | None = None
        self._parser: Any = None
        self.ends_at_proxy = False
        """Whether a proxy has opened a tunnel from which no answer has come."""

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """The client's trace hook, of which `also` hears all, too. A proxy's answer to CONNECT
        ends where TLS begins, in which no server speaks first.
        """
        self._also(event, info)
        match event:
            case "connection.connect_tcp.complete" | "connection.start_tls.complete":
                self._stream = info["return_value"]
            case "proxy.start_tls.started":
                self.ends_at_proxy = True
                self._parser = self._find_parser()
                self.require()

    def watch(self, response: Any) -> None:
        """Watch the connection of an answer, before its body is read and it may be closed."""
        self.ends_at_proxy = False
        self._stream = response.extensions["network_stream"]
        self._parser = self._find_parser()

    def forget(self) -> None:
        """End the connection, whatever has come or is still to come of its last answer."""
        assert self._stream is not None
        self._stream.close()
        self._stream = self._parser = None

    def require(self) -> None:
        """UnaskedBytes if any were read behind the last answer, or wait to be read. A connection
        that the peer has ended is closed, so that the client makes a new one.
        """
        if self._stream is None or self._parser is None:  # nothing was answered yet
            return
        if self._parser.trailing_data[0]:
            raise UnaskedBytes
        waiting = _peek(self._stream)
        if waiting:
            raise UnaskedBytes
        if waiting is not None:
            self._stream.close()

    def _find_parser(self) -> Any:
        """What reads the answers, and holds what came behind them. No public name leads there;
        were a part of the way renamed, this would raise and no exchange pass.
        """
        (connection,) = self._transport._pool.connections  # noqa: SLF001 - as the docstring says
        while not hasattr(connection, "_h11_state"):
            connection = connection._connection  # noqa: SLF001 - through the proxy
        return connection._h11_state  # noqa: SLF001


def _peek(stream: Stream) -> bytes | None:
    """A byte that is waiting, which is lost; b"" if the peer has ended, None if it is silent."""
    try:
        return stream.read(1, timeout=0)
    except Exception as error:
        if not isinstance(error.__cause__, OSError):
            raise
        return None if isinstance(error.__cause__, _NOT_NOW) else b""
