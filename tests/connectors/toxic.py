"""A line with Toxiproxy's eight toxics: what comes back from a port of this machine goes through
one of them, on all connections or on the first few alone.

    reader ─▶ line ────────▶ port
    reader ◀─ toxic ◀─ line ◀─ port

A toxic gets the blocks of one connection and the socket to send them to. Where it returns, the
connection ends in order.
"""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import count

Blocks = Iterator[bytes]
Toxic = Callable[[Blocks, socket.socket], None]
_AT_ONCE = b"\1\0\0\0\0\0\0\0"
"""SO_LINGER on, 0 s: to close is to reset."""


def clear(blocks: Blocks, sink: socket.socket) -> None:
    """No toxic."""
    for block in blocks:
        sink.sendall(block)


def latency(blocks: Blocks, sink: socket.socket) -> None:
    """100 ms, give or take 90."""
    for block in blocks:
        time.sleep(random.Random(len(block)).uniform(0.01, 0.19))
        sink.sendall(block)


def bandwidth(blocks: Blocks, sink: socket.socket) -> None:
    """8 kB/s."""
    for block in blocks:
        for at in range(0, len(block), 400):
            sink.sendall(block[at : at + 400])
            time.sleep(0.05)


def slicer(blocks: Blocks, sink: socket.socket) -> None:
    """A byte at a time."""
    for block in blocks:
        for byte in block:
            sink.sendall(bytes([byte]))


def slow_close(blocks: Blocks, sink: socket.socket) -> None:
    """The connection ends 200 ms late."""
    clear(blocks, sink)
    time.sleep(0.2)


def timeout(blocks: Blocks, sink: socket.socket) -> None:
    """Not one byte comes, and after 200 ms the connection ends."""
    next(blocks, None)
    time.sleep(0.2)


def limit_data(blocks: Blocks, sink: socket.socket) -> None:
    """The connection ends in order behind 400 bytes."""
    sink.sendall(_beginning(blocks, 400))


def reset_peer(blocks: Blocks, sink: socket.socket) -> None:
    """The connection is reset behind 400 bytes."""
    sink.sendall(_beginning(blocks, 400))
    _reset(sink)


def down(blocks: Blocks, sink: socket.socket) -> None:
    """The connection is reset before anything comes."""
    _reset(sink)


LATE = (latency, bandwidth, slicer, slow_close)
"""Those that lose nothing."""
CUTTING = (timeout, limit_data, reset_peer, down)
"""Those that end a connection before its answer does."""


@contextmanager
def line(port: int, toxic: Toxic, *, connections: int | None = None) -> Iterator[int]:
    """The port of a relay to `port`, with the toxic on its first `connections`, or on all."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        threads: list[threading.Thread] = []
        ends: list[socket.socket] = []

        def started(source: socket.socket, sink: socket.socket, through: Toxic) -> None:
            threads.append(threading.Thread(target=_pump, args=(source, sink, through)))
            threads[-1].start()

        def accept() -> None:
            with suppress(OSError):
                for number in count():
                    ours = stack.enter_context(listener.accept()[0])
                    ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    theirs = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
                    ends.extend((ours, theirs))
                    poisoned = connections is None or number < connections
                    started(theirs, ours, toxic if poisoned else clear)
                    started(ours, theirs, clear)

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            accepting.join(10)
            for end in ends:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join(10)


def _pump(source: socket.socket, sink: socket.socket, toxic: Toxic) -> None:
    with suppress(OSError):
        toxic(_blocks(source), sink)
        sink.shutdown(socket.SHUT_RDWR if toxic in CUTTING else socket.SHUT_WR)


def _blocks(source: socket.socket) -> Blocks:
    with suppress(OSError):
        while block := source.recv(65536):
            yield block


def _reset(sink: socket.socket) -> None:
    """While another thread waits for a socket, the kernel does not close it: so let it go first.
    What was sent has a moment to arrive, too.
    """
    sink.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    sink.shutdown(socket.SHUT_RD)
    time.sleep(0.05)
    sink.close()


def _beginning(blocks: Blocks, size: int) -> bytes:
    """The first bytes, as soon as there are so many."""
    begun = b""
    while len(begun) < size and (block := next(blocks, None)) is not None:
        begun += block
    return begun[:size]
