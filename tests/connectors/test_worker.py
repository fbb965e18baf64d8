"""A request in a thread of its own, which may be given up."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from connectors.worker import Begun


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """Lets a held request go on, at the latest after the test."""
    event = threading.Event()
    yield event
    event.set()


def test_a_result_and_an_error_are_given_to_whoever_waits():
    taken: list[str] = []
    assert Begun(lambda _: "it", discard=taken.append).outcome(5) == "it"
    with pytest.raises(ZeroDivisionError):
        Begun(lambda _: str(1 // 0), discard=taken.append).outcome(5)
    assert taken == []


def test_a_request_that_takes_too_long_is_told_to_stop_and_its_late_result_is_discarded(
    released: threading.Event,
) -> None:
    told, discarded = list[bool](), threading.Event()

    def slow(stopped: threading.Event) -> str:
        released.wait(5)
        told.append(stopped.is_set())
        return "late"

    begun = Begun(slow, discard=lambda late: discarded.set() if late == "late" else None)
    with pytest.raises(TimeoutError):
        begun.outcome(0.05)
    assert not discarded.is_set()
    released.set()
    assert discarded.wait(5)
    assert told == [True]


def test_time_is_counted_from_the_beginning_and_to_the_end(released: threading.Event) -> None:
    """Who asks late does not wait the whole time once more; a result that is there is given."""
    held = Begun(lambda _: released.wait(5), discard=lambda _: None)
    done = Begun(lambda _: "it", discard=lambda _: None)
    assert not released.wait(0.2)
    with pytest.raises(TimeoutError):
        held.outcome(0.1)
    assert held.seconds < 1
    assert done.outcome(0.1) == "it"
    assert done.seconds < 0.1


def test_a_result_that_nobody_asked_for_is_discarded_once(released: threading.Event) -> None:
    """Given up before it came, and after; one that was taken is not discarded."""
    discarded = list[str]()
    early = Begun(
        lambda _: released.wait(5) and "early", discard=lambda it: discarded.append(str(it))
    )
    late = Begun(lambda _: "late", discard=discarded.append)
    taken = Begun(lambda _: "taken", discard=discarded.append)
    assert taken.outcome(5) == "taken"
    early.give_up()
    assert not released.wait(0.1)
    released.set()
    for one in (late, taken):
        one.give_up()
    for _ in range(100):
        if len(discarded) < 2:
            threading.Event().wait(0.01)
    assert sorted(discarded) == ["early", "late"]
