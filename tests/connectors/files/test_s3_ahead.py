"""Objects of a store are fetched before their turn, and nobody can tell by what was read."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pyarrow as pa
import pytest

from connectors.connector import DELIVERY
from connectors.errors import AccessDenied, SourceUnavailable
from connectors.events import Answered, Completed, Delivered, Event, Overloaded, Retried, Waited
from connectors.files.connector import Files
from connectors.files.control import ControlFile
from connectors.files.file_set import FileSet
from connectors.files.stores import ahead
from connectors.retry import RetryPolicy
from tests.conformance import Run, read
from tests.connectors.bucket_fixture import LINES, PARQUET, Bucket, bucket, gate, lines

DAYS = 40


@pytest.fixture(scope="module")
def server() -> Iterator[Bucket]:
    with bucket() as running:
        for day in range(1, DAYS + 1):
            running.put_rows(day, day)
        yield running


@dataclass(slots=True)
class Watched:
    """Answers of a gate, after a while; keeps which objects were under way at once."""

    seconds: Callable[[str], float] = lambda _: 0.01
    most: int = 0
    after: dict[str, int] = field(default_factory=dict)
    """The most that were under way from an object on."""
    _busy: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, _method: str, path: str) -> None:
        with self._lock:
            self._busy[path] += 1
            self.most = max(self.most, self._busy.total())
        time.sleep(self.seconds(path))
        with self._lock:
            self._busy[path] -= 1


@pytest.fixture
def none_left() -> Callable[[], bool]:
    """Whether no thread is left of those that began since, once the last have ended."""
    before = set(threading.enumerate())

    def ask() -> bool:
        ends = time.monotonic() + 10
        while time.monotonic() < ends:
            ours = [one for one in threading.enumerate() if one.name == "worker"]
            if before.issuperset(ours):
                return True
            time.sleep(0.01)
        return False

    return ask


def test_rows_and_events_come_in_the_order_of_names_whichever_object_answers_first(
    server: Bucket, none_left: Callable[[], bool]
) -> None:
    """Odd days answer late. The control is the same reading with one request at a time."""
    watched = Watched(seconds=lambda path: 0.05 if any(f"{n}/" in path for n in "13579") else 0)
    with gate(server) as front:
        front.answers = watched
        run = read(server.store(endpoint=front.url), "it", LINES)
    alone = read(server.store(), "it", LINES)
    assert 1 < watched.most <= ahead.AT_ONCE
    assert run.table.equals(alone.table)
    assert [one.what for one in run.of(Answered)] == [one.what for one in alone.of(Answered)]
    names = [one.name for one in run.of(Delivered)]
    assert names == sorted(names)
    assert list(dict.fromkeys(run.table.column(DELIVERY).to_pylist())) == names
    assert run.completed == alone.completed
    assert none_left()


def test_no_more_bytes_are_under_way_than_the_bound(
    server: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: the test above, where several are under way."""
    monkeypatch.setattr(ahead, "AHEAD_BYTES", 1)
    watched = Watched()
    with gate(server) as front:
        front.answers = watched
        read(server.store(endpoint=front.url), "it", LINES)
    assert watched.most == 1


def test_a_store_that_says_slow_down_is_asked_less_at_once_and_nothing_during_the_wait(
    server: Bucket,
) -> None:
    busy, asleep, while_asleep = [True], threading.Event(), list[str]()
    watched = Watched()
    before = 0

    def answers(method: str, path: str) -> tuple[int, str] | None:
        nonlocal before
        if asleep.is_set() and method == "HEAD":
            while_asleep.append(path)
        if method == "GET" and "-36/" in path and busy:
            busy.clear()
            before, watched.most = watched.most, 0
            return 503, "SlowDown"
        watched(method, path)
        return None

    def sleep(_: float) -> None:
        time.sleep(0.2)  # what was under way comes to its end
        asleep.set()
        time.sleep(0.2)
        asleep.clear()
        watched.most = 0

    patience = RetryPolicy(attempts=2, backoff_seconds=0.001, sleep=sleep)
    with gate(server) as front:
        front.answers = answers
        run = read(server.store(endpoint=front.url, patience=patience), "it", LINES)
    assert len(run.of(Retried)) == len(run.of(Waited)) == 1
    assert run.completed.rows == sum(range(1, DAYS + 1))
    assert while_asleep == []
    assert 1 <= watched.most < before <= ahead.AT_ONCE


def test_a_refusal_is_known_by_its_code_whatever_stood_in_memory_before(server: Bucket) -> None:
    """The library reads a refusal from the place of the object's bytes, and on behind its end."""
    refused = {f"-{day}/" for day in range(10, 40, 2)}

    def answers(method: str, path: str) -> tuple[int, str] | None:
        day = next((day for day in refused if day in path), None)
        if method == "HEAD" or day is None:
            return None
        refused.remove(day)
        return 503, "SlowDown"

    with gate(server) as front:
        front.answers = answers
        run = read(server.store(endpoint=front.url), "it", LINES)
    told = [one.status for one in run.of(Answered) if one.status != "200"]
    assert told == ["SlowDown"] * 15
    assert len(run.of(Overloaded)) == 15


@pytest.mark.parametrize("status", [(403, "AccessDenied"), (503, "SlowDown")])
def test_after_an_error_nothing_is_asked_and_no_thread_is_left(
    server: Bucket, status: tuple[int, str], none_left: Callable[[], bool]
) -> None:
    run, watched = Run(), Watched()

    def answers(method: str, path: str) -> tuple[int, str] | None:
        watched(method, path)
        return status if "-20/" in path else None

    with gate(server) as front:
        front.answers = answers
        store = server.store(endpoint=front.url)
        with pytest.raises((AccessDenied, SourceUnavailable), match="read day=2026-11-20/"):
            read(store, "it", LINES, into=run)
        asked, told = len(front.asked), len(run.events)
        assert none_left()
        time.sleep(0.1)
        assert (len(front.asked), len(run.events)) == (asked, told)
    assert not [path for path in front.asked if "-29/" in path]
    assert len(run.of(Delivered)) == 19
    assert not run.of(Completed)


def test_an_event_that_ends_the_reading_leaves_no_thread_and_no_copy(
    server: Bucket, none_left: Callable[[], bool]
) -> None:
    """As a limit of the pilot does; and each event after it is refused in the same way."""
    seen = list[Event]()

    def emit(event: Event) -> None:
        seen.append(event)
        if len([one for one in seen if isinstance(one, Delivered)]) >= 20:
            raise RuntimeError("a limit was reached")

    with gate(server) as front:
        front.answers = Watched()
        with pytest.raises(RuntimeError, match="a limit was reached"):
            server.store(endpoint=front.url).read("it", schema=LINES, emit=emit).read_all()
        assert none_left()
        asked = len(front.asked)
        time.sleep(0.1)
        assert len(front.asked) == asked
    assert len(seen) > 2 * 20 + 2, "those under way were told, too"


@pytest.mark.parametrize("during", ["a batch", "a request"])
def test_ctrl_c_ends_all_requests(
    server: Bucket, during: str, none_left: Callable[[], bool]
) -> None:
    run, watched = Run(), Watched()

    def answers(method: str, path: str) -> tuple[int, str] | None:
        watched(method, path)
        if during == "a request" and "-20/" in path:
            pressed.set()
            time.sleep(1)
        return None

    pressed = threading.Event()
    with gate(server) as front:
        front.answers = answers
        reader = server.store(endpoint=front.url).read("it", schema=LINES, emit=run.events.append)
        with pytest.raises(KeyboardInterrupt):
            _read_until(reader, pressed if during == "a request" else None)
        del reader
        assert none_left()
        asked = len(front.asked)
        time.sleep(0.1)
        assert len(front.asked) == asked
    assert not [path for path in front.asked if "-30/" in path]
    assert not run.of(Completed)


def _read_until(reader: pa.RecordBatchReader, pressed: threading.Event | None) -> None:
    main = threading.get_ident()
    if pressed is not None:

        def press() -> None:
            pressed.wait(5)
            time.sleep(0.5)  # until nothing else is left to read
            signal.pthread_kill(main, signal.SIGINT)

        threading.Thread(target=press).start()
    for number, _ in enumerate(reader):
        if pressed is None and number == 20:
            raise KeyboardInterrupt


def test_a_time_that_the_listing_lacks_and_control_files_are_asked_for_ahead_too() -> None:
    with bucket() as billing:
        for day in range(1, 31):
            name = billing.put(day, lines(1), at=1_795_000_000.9)
            billing.path(name).with_suffix(".ok").write_text("1")
        sealed = ControlFile("{stem}.ok", says="{rows}", settle=timedelta(0))
        files = FileSet("lines/day=*/*.parquet", PARQUET, sealed=sealed)
        for what in ("HEAD", ".ok"):
            watched = Watched()

            def answers(method: str, path: str, seen: Watched = watched, what: str = what) -> None:
                if what in f"{method} {path}":
                    seen(method, path)

            with gate(billing) as front:
                front.answers = answers
                store = Files(store=billing.s3(endpoint=front.url), datasets={"it": files})
                assert read(store, "it", LINES).completed.rows == 30
            assert 1 < watched.most <= ahead.AT_ONCE
