"""A proxy of our own that lets through who proves to be `clerk`, by CONNECT alone; it keeps all
that it could have read.
"""

from __future__ import annotations

import asyncio
import base64
import socket
import ssl
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from connectors.http.origin import LOOPBACK
from connectors.http.proxy import Proxy
from connectors.secrets import Secret

PASSWORD = "canary p@ss:w\u00f6rd"
_NAMED = f"Proxy-Authorization: Basic {base64.b64encode(f'clerk:{PASSWORD}'.encode()).decode()}"


@dataclass(slots=True, kw_only=True)
class Passage:
    """A running one."""

    url: str
    heads: list[str] = field(default_factory=list)
    """What it was asked, until the empty line."""
    tunnelled: bytearray = field(default_factory=bytearray)
    """What then went to the source."""
    answers: list[str] = field(default_factory=list)
    """What to answer first, instead of opening a tunnel; `` to say nothing."""

    def proxy(self, **changes: Any) -> Proxy:
        """As a pilot would name it."""
        settings = {
            "url": self.url,
            "user": "clerk",
            "password": Secret("env:PROXY_PASSWORD", PASSWORD),
        }
        return Proxy(**{**settings, **changes})

    async def serve(self, ours: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        """One connection."""
        with suppress(OSError, asyncio.IncompleteReadError):
            head = (await ours.readuntil(b"\r\n\r\n")).decode("latin-1")
            self.heads.append(head)
            method, target, _ = head.split(" ", 2)
            if self.answers:
                refusal = self.answers.pop(0)
                while not refusal and not ours.at_eof():
                    await ours.read(1)
            elif _NAMED not in head.splitlines():
                refusal = "407 Who are you, canary?"
            else:
                refusal = "" if method == "CONNECT" else "405 Not Allowed"
            if refusal:
                back.write(f"HTTP/1.1 {refusal}\r\nContent-Length: 0\r\n\r\n".encode())
            else:
                await self._tunnel(target, ours, back)

    async def _tunnel(
        self, target: str, ours: asyncio.StreamReader, back: asyncio.StreamWriter
    ) -> None:
        host, _, port = target.rpartition(":")
        try:
            theirs, onward = await _dial(host, int(port))
        except OSError:
            back.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return
        back.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_pump(ours, onward, self.tunnelled), _pump(theirs, back, bytearray()))


async def _dial(host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Whatever a test asks for, also with its guard off: nothing leaves this machine."""
    if host.strip("[]") not in LOOPBACK:
        raise ConnectionRefusedError
    return await asyncio.open_connection(host, port)


async def _pump(source: asyncio.StreamReader, to: asyncio.StreamWriter, seen: bytearray) -> None:
    try:
        while block := await source.read(65536):
            seen += block
            to.write(block)
            await to.drain()
    except OSError:
        pass  # whoever was cut
    finally:
        to.close()


@contextmanager
def passage(tls: ssl.SSLContext | None = None) -> Iterator[Passage]:
    """Run one in a thread; by TLS where `tls` is given."""
    listener = socket.create_server(("127.0.0.1", 0))
    scheme = "https" if tls else "http"
    running = Passage(url=f"{scheme}://127.0.0.1:{listener.getsockname()[1]}")
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with listening(running, listener, tls):
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        yield running
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


@asynccontextmanager
async def listening(
    running: Passage, listener: socket.socket, tls: ssl.SSLContext | None
) -> AsyncIterator[None]:
    """Until the block ends, and with it every connection."""
    ours: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        ours.add(task)
        try:
            await running.serve(reader, writer)
        finally:
            writer.close()
            ours.discard(task)

    server = await asyncio.start_server(serve, sock=listener, ssl=tls)
    try:
        yield
    finally:
        server.close()
        for task in set(ours):
            task.cancel()
        await asyncio.gather(*ours, return_exceptions=True)
        await asyncio.sleep(0.01)  # for what is closed to be gone
