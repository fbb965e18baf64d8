"""Tells while a run goes on, and once more when it ends: within a minute of each verdict."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from harness.alerts.heartbeat import beat
from harness.alerts.telling import Telling
from harness.errors import LedgerLost
from harness.result import Result

_EVERY_SECONDS = 20.0
_BETWEEN_TRIES = (1.0, 4.0)
"""Seconds before a channel is tried again at the end of a run."""
_AT_THE_END_SECONDS = 30.0
"""After that no further channel is tried: the next run does."""


class Teller:
    """Tells in a thread of its own until the run ends. Without channels it tells nobody."""

    def __init__(self, telling: Telling | None, *, sleep: Callable[[float], None]) -> None:
        self.untold: tuple[str, ...] = ()
        """Who could not be told, one line each, once the run has ended."""
        self._telling = telling
        self._sleep = sleep
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="teller", daemon=True)
        if telling is not None:
            self._thread.start()

    def finish(self) -> None:
        """Tell all that is left while the run is still open, and try again what failed."""
        self.stop()
        if self._telling is None:
            return
        until = time.monotonic() + _AT_THE_END_SECONDS
        again = self._telling.tell(until=lambda: time.monotonic() > until)
        for seconds in _BETWEEN_TRIES:
            if again:
                self._sleep(seconds)
                again = self._telling.tell(until=lambda: time.monotonic() > until)
        self.untold = self._telling.untold()

    def stop(self) -> None:
        """Tell nobody else. A message under way is delivered and recorded first."""
        self._end.set()
        while self._thread.is_alive():
            self._thread.join(0.2)

    def beat(self, result: Result) -> str | None:
        """Let the heartbeat show that the night ran; one line where it does not."""
        return None if self._telling is None else beat(self._telling.channels, result)

    def _watch(self) -> None:
        assert self._telling is not None
        while not self._end.wait(_EVERY_SECONDS):
            try:
                self._telling.tell(until=self._end.is_set)
            except LedgerLost:  # the run's own next entry ends it
                return


@contextmanager
def teller(
    telling: Telling | None, *, sleep: Callable[[float], None] = time.sleep
) -> Iterator[Teller]:
    """For one run; at its end, however that comes, nobody is told any more."""
    one = Teller(telling, sleep=sleep)
    try:
        yield one
    finally:
        one.stop()
