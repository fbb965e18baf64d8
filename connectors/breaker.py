"""What the failures of one source allow: how often a request is sent again, and after which wait.

    request ─▶ wait? ─▶ answered: all is well
                          └ failed twice in a row: leave it alone, then ask once, three times
                              ├ it answered that it cannot: from then on each is sent once
                              └ it never answered: from then on none is sent

All datasets of a source share one, so a source that is down is not hammered by each of them anew.
What an answer says may be about one dataset; that none comes is about the source.
"""

from __future__ import annotations

import threading

from connectors.errors import SourceUnavailable

RETRIES = 10.0
"""At once; a source that answers is given no more than this for later."""
RETRIES_A_REQUEST = 0.2
"""So a source gets at most 1.2 times the requests that are needed, and ten, whatever it does."""
FAILURES = 2
"""In a row. One alone may be about its dataset."""
WAITS_SECONDS = (10.0, 20.0, 40.0)
"""Before each trial of a source that failed so: an outage of a minute costs no night."""


class Breaker:
    """One for each source. Threads may share it.

    >>> Breaker()
    Breaker()
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._retries = RETRIES
        self._failures = 0
        """In a row."""
        self._answers = False
        """Whether one of them was an answer."""
        self._last = ""
        self._is_asked_alone = False
        self._free_at = 0.0
        """When the next trial may be, on the caller's monotonic clock."""

    def __repr__(self) -> str:
        return "Breaker()"

    @property
    def is_open(self) -> bool:
        """Whether the source failed several requests in a row."""
        return self._failures >= FAILURES

    @property
    def is_asked_alone(self) -> bool:
        """Whether no two requests may be under way at once: one was in vain."""
        return self._is_asked_alone

    def ask_alone(self) -> None:
        """Send one request at a time from now on."""
        self._is_asked_alone = True

    def admit(self, what: str, *, now: float) -> float:
        """Seconds to wait before `what` is sent. SourceUnavailable if the source was given up."""
        with self._lock:
            if self._failures >= FAILURES + len(WAITS_SECONDS) and not self._answers:
                raise SourceUnavailable(
                    f"{what} was not sent: {self._failures} requests in a row had no answer, so "
                    f"this source is not asked again in this run; the last: {self._last}"
                )
            self._retries = min(RETRIES, self._retries + RETRIES_A_REQUEST)
            return max(0.0, self._free_at - now) if self.is_open else 0.0

    def take_retry(self) -> bool:
        """Whether a request may be sent again; each yes counts. None may while all fail."""
        with self._lock:
            if self.is_open or self._retries < 1.0:
                return False
            self._retries -= 1.0
            return True

    def answered(self) -> None:
        """The source answered."""
        with self._lock:
            self._failures, self._answers = 0, False

    def failed(self, failure: SourceUnavailable, *, now: float) -> None:
        """A request came to nothing, after all its retries."""
        with self._lock:
            self._failures += 1
            self._answers = self._answers or failure.answered
            self._last = str(failure)
            trial = self._failures - FAILURES
            if 0 <= trial < len(WAITS_SECONDS):
                self._free_at = now + WAITS_SECONDS[trial]
