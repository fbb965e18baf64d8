"""Whether the wall clock was set while something ran: it then dates nothing."""

from __future__ import annotations

from datetime import timedelta

from harness.clock import Clock

NOTICED = timedelta(minutes=5)
"""By so much wall clock and monotonic clock may differ: one that is only kept right moves less."""


class Jumps:
    """Compares the two clocks, from when it is made."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wall, self._monotonic = clock.now(), clock.monotonic()
        self._furthest = timedelta()

    def look(self) -> timedelta:
        """How far the wall clock was set at the furthest, in whole seconds; zero if that is not
        noticed. A machine that slept shows as one that was set forward.
        """
        passed = timedelta(seconds=self._clock.monotonic() - self._monotonic)
        off = self._clock.now() - self._wall - passed
        if abs(off) > max(abs(self._furthest), NOTICED):
            self._furthest = timedelta(seconds=round(off.total_seconds()))
        return self._furthest


def in_words(jump: timedelta) -> str:
    """As `set back by 60 min`."""
    return f"set {'back' if jump < timedelta() else 'forward'} by {abs(jump) / _MINUTE:,.0f} min"


_MINUTE = timedelta(minutes=1)
