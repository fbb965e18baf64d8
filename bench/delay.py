"""A network that takes its time: as a script, `PORT SECONDS` passes connections on to a port of
this machine, and each answer comes that much later. It prints its own port.

Bytes wait side by side, so the delay takes nothing from the throughput.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_CHUNK_BYTES = 1 << 16


@contextmanager
def delayed(port: int, seconds: float) -> Iterator[int]:
    """A port behind which each answer of `port` comes later, from a process of its own."""
    command = [sys.executable, __file__, str(port), str(seconds)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as relay:
        assert relay.stdin is not None
        assert relay.stdout is not None
        try:
            yield int(relay.stdout.readline())
        finally:
            relay.stdin.close()


async def _serve(port: int, seconds: float) -> None:
    async def accepted(inward: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        answer, onward = await asyncio.open_connection("127.0.0.1", port)
        with suppress(ConnectionError):
            await asyncio.gather(_pass(inward, onward, 0.0), _pass(answer, back, seconds))
        back.close()
        onward.close()

    server = await asyncio.start_server(accepted, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    # Its input ends with whoever started it, however that ends.
    await asyncio.to_thread(sys.stdin.read)
    os._exit(0)


async def _pass(source: asyncio.StreamReader, sink: asyncio.StreamWriter, delay: float) -> None:
    loop = asyncio.get_running_loop()
    while chunk := await source.read(_CHUNK_BYTES):
        if delay:
            loop.call_later(delay, sink.write, chunk)
        else:
            sink.write(chunk)
            await sink.drain()
    await asyncio.sleep(delay)
    if sink.can_write_eof():
        sink.write_eof()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2])))
