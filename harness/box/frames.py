"""Messages over a stream socket: a length of four bytes, then as many bytes."""

from __future__ import annotations

import socket
import threading
import time

MOST = 32 << 20
"""Bytes of one message."""
_LENGTH = 4
_CHUNK = 1 << 16


class Garbage(Exception):
    """What was sent is no message of ours."""


class Frames:
    """One end of a socket on which both sides send messages; several threads may send and ask."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._received = bytearray()
        self._one_at_a_time = threading.Lock()
        self._one_question = threading.Lock()

    def send(self, message: bytes, *, until: float | None = None) -> None:
        """Send one message. Raises OSError if the other side has ended, and TimeoutError if it
        takes none until then, on the monotonic clock.
        """
        left = None if until is None else max(0.001, until - time.monotonic())
        with self._one_at_a_time:
            self._channel.settimeout(left)
            self._channel.sendall(len(message).to_bytes(_LENGTH, "big") + message)

    def ask(self, message: bytes) -> bytes | None:
        """Send one message and wait for its answer; None if the other side has ended. Nobody else
        may be receiving.
        """
        with self._one_question:
            try:
                self.send(message)
            except OSError:
                return None
            return self.receive()

    def receive(self, *, until: float | None = None) -> bytes | None:
        """The next message; None if the other side ended before it was whole.

        Raises TimeoutError at `until` on the monotonic clock, and Garbage for one that is too
        long.
        """
        while (message := self._take()) is None:
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                raise TimeoutError
            self._channel.settimeout(left)
            try:
                chunk = self._channel.recv(_CHUNK)
            except ConnectionError:
                return None
            if not chunk:
                return None
            self._received += chunk
        return message

    def _take(self) -> bytes | None:
        if len(self._received) < _LENGTH:
            return None
        end = _LENGTH + int.from_bytes(self._received[:_LENGTH], "big")
        if end > _LENGTH + MOST:
            raise Garbage
        if len(self._received) < end:
            return None
        message = bytes(self._received[_LENGTH:end])
        del self._received[:end]
        return message
