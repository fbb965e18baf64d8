"""A slow or narrow line changes how long a reading takes and not what it reads; none ends it."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext

import pyarrow as pa
import pytest

from connectors.errors import SourceUnavailable
from connectors.events import Completed, Event, Retried
from connectors.http.exchange import Connection
from connectors.http.messages import Limits, Request
from connectors.peer import Connected
from connectors.rest.auth.no_auth import NoAuth
from tests.connectors.scripted import Scripted, documents, paged, scripted
from tests.connectors.toxic import CUTTING, LATE, Toxic, down, limit_data, line, reset_peer
from tests.connectors.vendor_fixture import plenty

SCHEMA = pa.schema([("key", pa.int64()), ("name", pa.string())])
ROWS = [{"key": key, "name": f"größe {key}"} for key in range(60)]


def read(url: str) -> tuple[pa.Table, int]:
    """The rows, and the bytes of the answers."""
    events: list[Event] = []
    rest = Scripted(url=url).rest(auth=NoAuth())
    table = rest.read("parts", schema=SCHEMA, emit=events.append).read_all()
    (end,) = [event for event in events if isinstance(event, Completed)]
    assert end.witness is not None
    return table, end.bytes


@pytest.fixture(scope="module")
def source() -> Iterator[Scripted]:
    with scripted(paged(documents(ROWS[:20], ROWS[20:40], ROWS[40:]))) as running:
        yield running


def port_of(source: Scripted) -> int:
    return int(source.url.rpartition(":")[2])


@pytest.mark.parametrize("toxic", LATE)
def test_n18_a_bad_line_gives_the_rows_of_a_good_one(source: Scripted, toxic: Toxic) -> None:
    """The same rows in the same order, from as many bytes."""
    with line(port_of(source), toxic) as through:
        found = read(f"http://127.0.0.1:{through}")
    assert found == read(source.url)  # control: the same without it
    assert found[0].num_rows == len(ROWS)


@pytest.mark.parametrize("toxic", CUTTING)
def test_n05_n18_a_line_that_is_cut_twice_gives_the_rows_of_a_good_one(
    source: Scripted, toxic: Toxic
) -> None:
    """No row is lost and none comes twice: half a page is no page."""
    before = len(source.asked)
    with line(port_of(source), toxic, connections=2) as through:
        found = read(f"http://127.0.0.1:{through}")
    assert len(source.asked) - before >= 3 + (toxic is not down)
    assert found == read(source.url)


@pytest.mark.parametrize("toxic", CUTTING)
def test_n05_a_line_that_is_always_cut_ends_the_reading_after_five_tries(
    source: Scripted, toxic: Toxic
) -> None:
    events: list[Event] = []
    with line(port_of(source), toxic) as through:
        rest = Scripted(url=f"http://127.0.0.1:{through}").rest(auth=NoAuth())
        with pytest.raises(SourceUnavailable):
            rest.read("parts", schema=SCHEMA, emit=events.append).read_all()
    assert len([event for event in events if isinstance(event, Retried)]) == 4
    assert not [event for event in events if isinstance(event, Completed)]


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


@pytest.mark.parametrize(
    ("toxic", "resets"), [(reset_peer, True), (down, True), (limit_data, False)]
)
def test_control_the_line_ends_as_its_toxic_says(
    source: Scripted, toxic: Toxic, *, resets: bool
) -> None:
    with (
        line(port_of(source), toxic) as through,
        socket.create_connection(("127.0.0.1", through)) as client,
    ):
        client.settimeout(5)
        client.sendall(b"GET /1 HTTP/1.1\r\nHost: shop\r\n\r\n")
        with pytest.raises(ConnectionResetError) if resets else nullcontext():
            while client.recv(65536):
                pass
