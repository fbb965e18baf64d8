"""A server of a few lines: it talks to one peer after the other, until the block ends."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def accepting(
    talk: Callable[[socket.socket], None], *, host: str = "127.0.0.1", port: int = 0
) -> Iterator[int]:
    """Its port. A peer that ends the conversation ends no more than that."""

    def serve() -> None:
        while True:
            try:
                peer, _ = server.accept()
            except OSError:
                return
            with suppress(OSError), peer:
                peer.settimeout(10)
                talk(peer)

    with socket.create_server((host, port)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
