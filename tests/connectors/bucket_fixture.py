"""A billing bucket of our own for each test module, with its folder in our hands."""

from __future__ import annotations

import http.client
import os
import shutil
import sysconfig
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.events import Delivered, Event
from connectors.files.connector import Files
from connectors.files.file_set import FileSet
from connectors.files.formats import Format
from connectors.files.formats.parquet import Parquet
from connectors.files.stores.s3 import S3
from connectors.retry import RetryPolicy
from connectors.secrets import Secret
from estate import billing
from estate.process import accepts, free_port, spawn, wait_until
from tests.conformance import Run, read_in_vain

LINES = pa.schema(
    [
        ("order_ref", pa.string()),
        ("line_number", pa.int32()),
        ("price", pa.decimal128(12, 2)),
        ("billed_at", pa.timestamp("us", "UTC")),
    ]
)
PARQUET = Parquet()
MADE_AVAILABLE = 1_795_000_000
CANARY = "canary-in-the-data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A running store with one bucket, `billing`."""

    environ: Mapping[str, str]
    root: Path
    """The folder that is the bucket."""
    log: Path
    stop: Callable[[], None]
    writer: Mapping[str, Secret] = field(default_factory=dict)
    """Who may write there."""

    def clear(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        self.root.mkdir()

    def put(self, day: int, content: bytes | pa.Table, *, at: float = MADE_AVAILABLE) -> str:
        """Put the object of a day there, whole at once; gives its name."""
        name = f"day=2026-11-{day:02}/part-0.parquet"
        part, target = self.root / "part", self.root / "lines" / name
        if isinstance(content, bytes):
            part.write_bytes(content)
        else:
            pq.write_table(content, part, write_page_checksum=True)
        os.utime(part, (at, at))
        target.parent.mkdir(parents=True, exist_ok=True)
        part.rename(target)
        return name

    def put_rows(self, day: int, count: int) -> str:
        return self.put(day, lines(count))

    def path(self, name: str) -> Path:
        return self.root / "lines" / name

    def s3(self, **changes: Any) -> S3:
        """The store as a pilot would name it."""
        store = S3(
            endpoint=self.environ["BILLING_ENDPOINT"],
            region="us-east-1",
            bucket=self.environ["BILLING_BUCKET"],
            access_key=Secret("env:BILLING_ACCESS_KEY", self.environ["BILLING_ACCESS_KEY"]),
            secret_key=Secret("env:BILLING_SECRET_KEY", self.environ["BILLING_SECRET_KEY"]),
            patience=RetryPolicy(attempts=2, backoff_seconds=0.001),
        )
        return replace(store, **changes)

    def store(
        self,
        glob: str = "lines/day=*/*.parquet",
        format_: Format = PARQUET,
        *,
        stranger_allowed: bool = False,
        **changes: Any,
    ) -> Files:
        """A connector as a pilot would build it, with one dataset `it`."""
        return Files(
            store=self.s3(**changes),
            datasets={"it": FileSet(glob, format_)},
            stranger_allowed=stranger_allowed,
        )


def lines(count: int) -> pa.Table:
    """Order lines in the promised types."""
    return pa.table(
        {
            "order_ref": [f"L{n}" for n in range(count)],
            "line_number": [n % 7 for n in range(count)],
            "price": [Decimal(n % 100) for n in range(count)],
            "billed_at": [MADE_AVAILABLE * 1_000_000 + n for n in range(count)],
        },
        schema=LINES,
    )


@contextmanager
def bucket() -> Iterator[Bucket]:
    with tempfile.TemporaryDirectory(prefix="st-") as name:
        base = Path(name)
        server = billing.start(base)
        try:
            process = server.processes[0]
            yield Bucket(
                environ=server.environ,
                root=Path(server.admin["root"], server.environ["BILLING_BUCKET"]),
                log=process.log,
                stop=server.stop,
                writer={
                    name: Secret(f"env:{name.upper()}", server.admin[f"writer_{name}"])
                    for name in ("access_key", "secret_key")
                },
            )
        finally:
            server.stop()


@contextmanager
def another(behind: Bucket, *settings: str, keys: str) -> Iterator[int]:
    """The same buckets served once more, set up otherwise; gives the port."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="st-") as name:
        process = spawn(
            [
                *(Path(sysconfig.get_path("scripts"), "rclone"), "serve", "s3", "--read-only"),
                *("--addr", f"127.0.0.1:{port}", "--config", "/dev/null", "--cache-dir", name),
                *(*settings, behind.root.parent),
            ],
            log=Path(name, "another.log"),
            environ={"HOME": name, **({"RCLONE_AUTH_KEY": keys} if keys else {})},
        )
        try:
            wait_until(lambda: accepts(port), process)
            yield port
        finally:
            process.stop()


@dataclass(slots=True, kw_only=True)
class Gate:
    """Stands before a store, hands on what it is asked, and sometimes answers itself."""

    url: str
    answers: Callable[[str, str], tuple[int, str] | None]
    """Method and path → HTTP status and S3 error code; None to ask the store."""
    hands_on_all: bool = False
    """Whether the store is asked for what it answers itself, too."""
    asked: list[str] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)


@contextmanager
def gate(behind: Bucket) -> Iterator[Gate]:
    store = behind.environ["BILLING_ENDPOINT"].partition("://")[2]
    front = Gate(url="", answers=lambda _method, _path: None)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            self.sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            front.asked.append(f"{self.command} {path}")
            front.heads.append(f"{self.path} {self.headers}")
            said = front.answers(self.command, path)
            if said is None or front.hands_on_all:
                status, headers, body = self.relayed()
            if said is not None:
                status, headers, body = self.refusal(*said)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_PUT = do_DELETE = do_GET  # noqa: N815 - the base class's names

        def relayed(self) -> tuple[int, Mapping[str, str], bytes]:
            onward = http.client.HTTPConnection(store)
            onward.request(self.command, self.path, self.sent or None, dict(self.headers))
            answer = onward.getresponse()
            body = answer.read()
            headers = {k: v for k, v in answer.headers.items() if k.lower() != "transfer-encoding"}
            onward.close()
            if self.command != "HEAD":
                headers = {k: v for k, v in headers.items() if k.lower() != "content-length"}
                headers["Content-Length"] = str(len(body))
            return answer.status, headers, body

        def refusal(self, status: int, code: str) -> tuple[int, Mapping[str, str], bytes]:
            """As S3 words its errors, and as careless as to repeat who asked."""
            message = f"<Message>not {self.headers['Authorization']}</Message>"
            body = f"<?xml version='1.0'?><Error><Code>{code}</Code>{message}</Error>".encode()
            length = str(len(body))
            return status, {"Content-Type": "application/xml", "Content-Length": length}, body

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    front.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield front
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def refused(billing: Bucket, message: str, **changes: Any) -> Run:
    """Read in vain: the message says why, and nothing counts as whole."""
    return read_in_vain(billing.store(**changes), "it", LINES, message=message, never=CANARY)


def while_reading(action: Callable[[], object]) -> Callable[[Event], None]:
    """Do something once, right after the first object was fetched."""
    seen: list[Event] = []

    def emit(event: Event) -> None:
        if isinstance(event, Delivered) and not seen:
            seen.append(event)
            action()

    return emit
