"""A slow or narrow line changes how long a reading takes and not what it reads; none ends it."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import pyarrow as pa
import pytest

from connectors.errors import SourceUnavailable
from connectors.events import Completed, Event
from connectors.http.exchange import Connection
from connectors.http.messages import Limits, Request
from connectors.peer import Connected
from connectors.rest.auth.no_auth import NoAuth
from tests.connectors.scripted import Scripted, documents, paged, scripted
from tests.connectors.vendor_fixture import plenty

Toxic = Callable[[bytes, socket.socket], None]
SCHEMA = pa.schema([("key", pa.int64()), ("name", pa.string())])
ROWS = [{"key": key, "name": f"größe {key}"} for key in range(60)]


def sliced(block: bytes, sink: socket.socket) -> None:
    for byte in block:
        sink.sendall(bytes([byte]))


def late(block: bytes, sink: socket.socket) -> None:
    """100 ms, give or take 90."""
    time.sleep(random.Random(len(block)).uniform(0.01, 0.19))
    sink.sendall(block)


def narrow(block: bytes, sink: socket.socket) -> None:
    """8 kB/s."""
    for at in range(0, len(block), 400):
        sink.sendall(block[at : at + 400])
        time.sleep(0.05)


@contextmanager
def line(port: int, toxic: Toxic) -> Iterator[int]:
    """A relay to a port of this machine; what comes back goes through `toxic`."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        threads: list[threading.Thread] = []

        def started(work: Callable[..., None], *arguments: object) -> None:
            threads.append(threading.Thread(target=work, args=arguments))
            threads[-1].start()

        def pump(source: socket.socket, sink: socket.socket, send: Toxic) -> None:
            with suppress(OSError):
                while block := source.recv(65536):
                    send(block, sink)
                sink.shutdown(socket.SHUT_WR)

        def accept() -> None:
            with suppress(OSError):
                while True:
                    ours = stack.enter_context(listener.accept()[0])
                    ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    theirs = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
                    started(pump, ours, theirs, lambda block, sink: sink.sendall(block))
                    started(pump, theirs, ours, toxic)

        started(accept)
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for thread in threads:
                thread.join(10)


def read(url: str) -> tuple[pa.Table, int]:
    """The rows, and the bytes of the answers."""
    events: list[Event] = []
    rest = Scripted(url=url).rest(auth=NoAuth())
    table = rest.read("parts", schema=SCHEMA, emit=events.append).read_all()
    (end,) = [event for event in events if isinstance(event, Completed)]
    assert end.witness is not None
    return table, end.bytes


@pytest.mark.parametrize("toxic", [sliced, late, narrow])
def test_n18_a_bad_line_gives_the_rows_of_a_good_one(toxic: Toxic) -> None:
    with scripted(paged(documents(ROWS[:20], ROWS[20:40], ROWS[40:]))) as source:
        port = int(source.url.rpartition(":")[2])
        with line(port, toxic) as through:
            found = read(f"http://127.0.0.1:{through}")
        assert found == read(source.url)  # control: the same without it
    assert found[0].num_rows == len(ROWS)


def test_n02_a_black_hole_ends_at_the_time_to_connect() -> None:
    """A listener whose queue is full drops each SYN."""
    events: list[Event] = []
    with ExitStack() as stack:
        hole = stack.enter_context(socket.socket())
        hole.bind(("127.0.0.1", 0))
        hole.listen(0)
        for _ in range(2):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(hole.getsockname())
        time.sleep(0.1)
        began = time.monotonic()
        with (
            Connection(
                ca_file=None,
                budget=plenty(),
                limits=Limits(connect_seconds=0.5),
                emit=events.append,
            ) as connection,
            pytest.raises(SourceUnavailable, match="no connection: check that the server runs"),
        ):
            connection.exchange(Request(url=f"http://127.0.0.1:{hole.getsockname()[1]}/1"))
        assert time.monotonic() - began < 5
    assert not [event for event in events if isinstance(event, Connected)]
    assert Limits().connect_seconds <= 5
