"""A source that answers as a test tells it to, over real HTTP on loopback."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from connectors.rest.auth.client_credentials import ClientCredentials
from connectors.rest.connector import Rest
from connectors.rest.endpoint import Endpoint
from connectors.rest.paginators.next_url import next_url
from connectors.retry import RetryPolicy
from connectors.secrets import Secret
from tests.connectors.vendor_fixture import plenty

ENDPOINT = Endpoint(path="/1", pages=next_url("next"), rows="rows", total="total")
TOKEN = {"access_token": "t0", "token_type": "Bearer", "expires_in": 20}


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: a document, or bytes as they are."""

    body: object = b""
    status: int = 200
    headers: Mapping[str, str] = field(
        default_factory=lambda: {"content-type": "application/json"}
    )


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    """With its query."""
    headers: Mapping[str, str]
    body: bytes


Answers = Callable[[Asked], Said]


@dataclass(slots=True)
class Scripted:
    """A running one, and what it was asked."""

    url: str
    asked: list[Asked] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]

    def rest(self, **changes: Any) -> Rest:
        settings = {
            "base_url": self.url,
            "auth": ClientCredentials(
                token_path="/token", client_id="id", client_secret=Secret("env:X", "secret")
            ),
            "endpoints": {"parts": ENDPOINT},
            "budget": plenty(),
            "ca_file": None,
            "patience": RetryPolicy(backoff_seconds=0.001),
        }
        return Rest(**{**settings, **changes})


@contextmanager
def scripted(answers: Answers, tls: ssl.SSLContext | None = None) -> Iterator[Scripted]:
    """Serve `answers`, by TLS where `tls` is given."""
    source = Scripted(url="")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, body)
            source.asked.append(asked)
            said = answers(asked)
            payload = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(payload)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(payload)

        do_POST = do_HEAD = do_GET  # noqa: N815 - likewise

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    source.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield source
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def paged(pages: Mapping[str, Said]) -> Answers:
    """Each path its answer, and a token for whoever asks."""

    def answers(asked: Asked) -> Said:
        return Said(TOKEN) if asked.path == "/token" else pages[asked.path]

    return answers


def documents(*rows: list[dict[str, object]], total: int | None = None) -> dict[str, Said]:
    """Pages `/1`, `/2` … that hold `rows` and name the next one; the last names none."""
    declared = sum(map(len, rows)) if total is None else total
    last = len(rows)
    return {
        f"/{n}": Said(
            {"rows": page, "total": declared, "next": None if n == last else f"/{n + 1}"}
        )
        for n, page in enumerate(rows, 1)
    }
