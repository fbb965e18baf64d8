"""What the failures of one source allow: how often a request is sent again, and after which wait.

    request ─▶ wait? ─▶ answered: all is well
                          └ failed twice in a row: leave it alone, then ask once, three times;
                            from then on each request is sent once and at once

All datasets of a source share one, so a source that is down is not hammered by each of them anew.
None is left out: that others failed shows nothing of it.
"""

from __future__ import annotations

import threading

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
        self._free_at = 0.0
        """When the next trial may be, on the caller's monotonic clock."""

    def __repr__(self) -> str:
        return "Breaker()"

    @property
    def is_open(self) -> bool:
        """Whether the source failed several requests in a row."""
        return self._failures >= FAILURES

    def admit(self, *, now: float) -> float:
        """Seconds to wait before a request is sent."""
        with self._lock:
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
            self._failures = 0

    def failed(self, *, now: float) -> None:
        """A request came to nothing, after all its retries."""
        with self._lock:
            self._failures += 1
            trial = self._failures - FAILURES
            if 0 <= trial < len(WAITS_SECONDS):
                self._free_at = now + WAITS_SECONDS[trial]
