"""How many bytes pass between us and a server of this machine, counted on their way."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_BLOCK_BYTES = 1 << 18


@contextmanager
def counted(port: int) -> Iterator[tuple[int, Callable[[], int]]]:
    """A port that stands for `port`, and the bytes that went through it in both directions."""
    passed, guard = [0], threading.Lock()

    def pump(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while got := source.recv(_BLOCK_BYTES):
                with guard:
                    passed[0] += len(got)
                sink.sendall(got)
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def accept(listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                one, _ = listening.accept()
                other = socket.create_connection(("127.0.0.1", port))
                for ends in ((one, other), (other, one)):
                    threading.Thread(target=pump, args=ends, daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=accept, args=(listening,), daemon=True)
        thread.start()
        yield listening.getsockname()[1], lambda: passed[0]
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
