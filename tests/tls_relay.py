"""TLS in front of a PostgreSQL that has none: what is said to the relay, it says to the server."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.accepting import accepting


@contextmanager
def tls_before(port: int, tls: ssl.SSLContext) -> Iterator[int]:
    """The port of a relay that has a certificate: one client after the other."""

    def talk(peer: socket.socket) -> None:
        peer.recv(8)
        peer.sendall(b"S")
        with (
            tls.wrap_socket(peer, server_side=True, suppress_ragged_eofs=True) as client,
            socket.create_connection(("127.0.0.1", port)) as database,
        ):
            _relay(client, database)

    with accepting(talk) as at:
        yield at


def _relay(client: ssl.SSLSocket, database: socket.socket) -> None:
    def back() -> None:
        with suppress(OSError):
            while data := database.recv(65536):
                client.sendall(data)

    thread = threading.Thread(target=back)
    thread.start()
    try:
        while data := client.recv(65536):
            database.sendall(data)
    finally:
        database.shutdown(socket.SHUT_RDWR)
        thread.join()
