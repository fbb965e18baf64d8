"""Servers that say byte for byte what a test tells them to, and one exchange with them."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import trustme

from connectors.events import Event
from connectors.http.exchange import Connection
from connectors.http.messages import Answer, Limits, Request
from tests.connectors.vendor_fixture import plenty

BODY = json.dumps({"rows": [{"key": key, "name": f"part {key}"} for key in range(2_000)]}).encode()


Serve = Callable[[socket.socket], None]


@contextmanager
def serving(serve: Serve, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server that reads one head on each connection and lets `serve` do the rest."""
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        with suppress(OSError):
            while True:
                raw, _ = listener.accept()
                with (
                    suppress(OSError),
                    tls.wrap_socket(raw, server_side=True) if tls else raw as peer,
                ):
                    head = b""
                    while b"\r\n\r\n" not in head:
                        head += peer.recv(65536) or b"\r\n\r\n"
                    serve(peer)

    thread = threading.Thread(target=run)
    thread.start()
    scheme = "https" if tls else "http"
    try:
        yield f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/data?secret=canary-7f3a"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)
        assert not thread.is_alive()


def says(*pieces: bytes) -> Serve:
    return lambda peer: peer.sendall(b"".join(pieces))


def head(*fields: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *fields, "", ""]).encode()


def length(body: bytes) -> str:
    return f"Content-Length: {len(body)}"


GZIP = "Content-Encoding: gzip"


def exchange(
    url: str,
    *,
    events: list[Event] | None = None,
    ca_file: Path | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
) -> Answer:
    told = events if events is not None else []
    with Connection(
        ca_file=ca_file, budget=plenty(), limits=limits, emit=told.append
    ) as connection:
        return connection.exchange(Request(url=url))


def drip(what: bytes) -> Serve:
    def serve(peer: socket.socket) -> None:
        for byte in what:
            peer.sendall(bytes([byte]))
            time.sleep(0.05)

    return serve


def server_side(certificate: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


@contextmanager
def canary() -> Iterator[tuple[int, list[bytes]]]:
    """A listener that keeps what each connection sends."""
    listener = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def run() -> None:
        try:
            while True:
                peer, _ = listener.accept()
                with peer:
                    peer.settimeout(5)
                    heard.append(peer.recv(65536))
        except OSError:
            pass

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield listener.getsockname()[1], heard
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)
