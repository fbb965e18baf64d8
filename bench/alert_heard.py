"""What a real webhook and a real mail server received: which news, in which message, and when."""

from __future__ import annotations

import email
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.harness.alerts.mail_server import mail_server

_NEWS = re.compile(r"^(BROKEN|ERROR|MENDED): .*(?:\n  .*)*incident ([0-9a-f]{8})", re.MULTILINE)
MAIL = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One line of a message, as it arrived."""

    at: datetime
    channel: str
    message: str
    step: str
    incident: str

    @property
    def of(self) -> tuple[str, str, str]:
        """What must arrive once."""
        return self.channel, self.step, self.incident


@dataclass(slots=True)
class Heard:
    """Everything that arrived, oldest first."""

    news: list[News] = field(default_factory=list)
    interrupt: Callable[[], None] = lambda: None
    """Called when a message has arrived and before it is answered."""
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def post(self, channel: str, body: bytes) -> None:
        """What a hook got."""
        read = json.loads(body)
        told = [(news["step"], news["incident"]) for news in read["news"]]
        self._keep(channel, read["id"], told)

    def append(self, mail: str) -> None:
        """A mail, as the server takes it."""
        read = email.message_from_string(mail)
        payload = read.get_payload(decode=True)
        assert isinstance(payload, bytes)
        text = payload.decode().replace("\r\n", "\n")
        steps = {"MENDED": "mended"}
        told = [(steps.get(word, "opened"), incident) for word, incident in _NEWS.findall(text)]
        self._keep(MAIL, str(read["Message-ID"]).strip("<>").partition("@")[0], told)

    def _keep(self, channel: str, message: str, told: list[tuple[str, str]]) -> None:
        now = datetime.now(UTC)
        with self._one_at_a_time:
            self.news += [
                News(at=now, channel=channel, message=message, step=step, incident=incident)
                for step, incident in told
            ]
        self.interrupt()


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Whoever asked was killed before the answer, as the bench wants it."""


@contextmanager
def listening() -> Iterator[tuple[Heard, str, int]]:
    """Both servers on loopback: what they hear, the hooks' address, the mail server's port."""
    heard = Heard()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """The path is the channel's name."""
            heard.post(self.path.strip("/"), self.rfile.read(int(self.headers["content-length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = _Server(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        with mail_server(mails=heard) as mails:
            yield heard, f"http://127.0.0.1:{server.server_address[1]}", mails.port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
