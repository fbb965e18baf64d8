"""The control of the bench of a slow network: each answer is late, and no later than that."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from socket import create_connection

import pytest

from bench.delay import delayed

SECONDS = 0.5


class Echo(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        while got := self.request.recv(1_000):
            self.request.sendall(got)


@contextmanager
def echo() -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def asked(port: int) -> float:
    with create_connection(("127.0.0.1", port)) as line:
        began = time.monotonic()
        line.sendall(b"it")
        assert line.recv(1_000) == b"it"
        return time.monotonic() - began


def test_answers_are_late_side_by_side_and_no_port_is_left() -> None:
    with echo() as port:
        with delayed(port, SECONDS) as slow:
            assert asked(slow) >= SECONDS
            began = time.monotonic()
            with ThreadPoolExecutor(10) as pool:
                assert min(pool.map(asked, [slow] * 10)) >= SECONDS
            assert time.monotonic() - began < 8 * SECONDS, "one after the other take ten"
        assert asked(port) < SECONDS
        with pytest.raises(ConnectionRefusedError):
            asked(slow)
