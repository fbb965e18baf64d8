"""The owners' room: a practice webhook that takes alerts and keeps them while it lives."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_MOST_BYTES = 1 << 20


@dataclass(slots=True, kw_only=True)
class Room:
    """What was posted to its address, oldest first."""

    url: str = field(repr=False)
    """It holds a token, as a real one does: whoever has it may post."""
    heard: list[bytes] = field(default_factory=list)

    @property
    def environ(self) -> Mapping[str, str]:
        """What a pilot gets."""
        return {"OWNERS_ROOM_URL": self.url}


@contextmanager
def room() -> Iterator[Room]:
    """Listen on a free port of loopback until the block ends."""
    path = f"/{secrets.token_urlsafe(16)}"

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if self.path != path or not length.isdecimal() or int(length) > _MOST_BYTES:
                self._answer(404)
                return
            here.heard.append(self.rfile.read(int(length)))
            self._answer(200)

        def _answer(self, status: int) -> None:
            self.close_connection = True
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.send_header("Connection", "close")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing: the demo shows what was told."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    here = Room(url=f"http://127.0.0.1:{server.server_address[1]}{path}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield here
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
