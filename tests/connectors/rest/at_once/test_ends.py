"""However a reading ends, nothing of it goes on; and what it holds meanwhile is bounded."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import pytest

from connectors.errors import SourceUnavailable
from connectors.events import Answered, Event
from connectors.http.messages import Limits
from connectors.retry import RetryPolicy
from tests.connectors.rest.keyed import SCHEMA, keys
from tests.connectors.rest.numbered import ALL, ROWS, Numbered
from tests.connectors.scripted import Asked
from tests.connectors.vendor_fixture import Run, read

HANGS = 20.0


def workers() -> set[threading.Thread]:
    """Threads that send requests."""
    return {thread for thread in threading.enumerate() if thread.name == "worker"}


@contextmanager
def no_thread_is_left() -> Iterator[None]:
    before = workers()
    yield
    until = time.monotonic() + 5
    while (left := workers() - before) and time.monotonic() < until:
        time.sleep(0.01)
    assert left == set()


def hanging(release: threading.Event) -> Callable[[int, Asked], None]:
    """Pages from the fourth on do not come until the test is over."""

    def answer(number: int, _: Asked) -> None:
        if number >= 4:
            release.wait(HANGS)

    return answer


@pytest.fixture
def release() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def heard() -> Iterator[None]:
    """Where a shell made us deaf to Ctrl-C, too."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_ctrl_c_ends_all_that_is_under_way(release: threading.Event) -> None:
    source = Numbered(answer=hanging(release))
    with source.running() as (rest, _), no_thread_is_left():
        batches = rest.read("parts", schema=SCHEMA, emit=lambda _: None)
        pressed = partial(signal.pthread_kill, threading.main_thread().ident, signal.SIGINT)
        threading.Timer(0.3, pressed).start()
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            list(batches)
        del batches
        assert time.monotonic() - began < HANGS / 2
    release.set()
    assert source.most == 8


def test_a_time_out_ends_all_that_is_under_way(release: threading.Event) -> None:
    source = Numbered(answer=hanging(release))
    once = RetryPolicy(attempts=1)
    with source.running(limits=Limits(seconds=0.5), patience=once) as (rest, _):
        with (
            no_thread_is_left(),
            pytest.raises(SourceUnavailable, match="4: no whole answer"),
        ):
            read(rest, schema=SCHEMA)
        release.set()


@pytest.mark.parametrize("at_once", [1, 8])
def test_a_reading_that_nobody_goes_on_with_ends(release: threading.Event, at_once: int) -> None:
    source = Numbered(answer=hanging(release))
    with source.running(at_once=at_once) as (rest, _), no_thread_is_left():
        batches = rest.read("parts", schema=SCHEMA, emit=lambda _: None)
        assert batches.read_next_batch().num_rows == ROWS
        del batches
    release.set()


def test_whoever_hears_the_events_can_end_it(release: threading.Event) -> None:
    """As the limits of a pilot do."""

    class Enough(Exception):
        pass

    heard = 0

    def emit(event: Event) -> None:
        nonlocal heard
        heard += isinstance(event, Answered)
        if heard > 3:
            raise Enough

    source = Numbered(answer=hanging(release))
    with source.running() as (rest, _), no_thread_is_left(), pytest.raises(Enough):
        rest.read("parts", schema=SCHEMA, emit=emit).read_all()
    release.set()


def test_a_whole_reading_leaves_no_thread() -> None:
    """Control: while it goes on there are eight."""
    most = 0

    def emit(_: Event) -> None:
        nonlocal most
        most = max(most, len(workers()))

    source = Numbered()
    with source.running() as (rest, _), no_thread_is_left():
        rest.read("parts", schema=SCHEMA, emit=emit).read_all()
    assert most >= 8


def test_the_next_page_is_on_its_way_while_one_is_worked_on() -> None:
    """Without `at_once`, too: one page and no more."""
    source = Numbered(seconds=lambda _: 0.0)
    with source.running(at_once=1) as (rest, _):
        batches = rest.read("parts", schema=SCHEMA, emit=lambda _: None)
        time.sleep(0.3)
        assert source.numbers() == [1, 2]
        assert keys(Run(table=batches.read_all())) == ALL
    assert source.most == 1


def test_a_look_at_the_first_page_asks_for_no_other() -> None:
    source = Numbered(seconds=lambda _: 0.0)
    with source.running() as (rest, _):
        assert rest.describe("parts", emit=lambda _: None).sampled_rows == ROWS
        time.sleep(0.1)
    assert source.numbers() == [1]
