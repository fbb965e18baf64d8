"""One request that is under way: what its sender and the one who waits for its answer share.

sent ─▶ its answer comes: its slot of the budget rests, a wait it asks for begins ─▶ its turn
          └ what is longer than AHEAD_BYTES stays on the way until then
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from connectors.errors import SourceUnavailable
from connectors.http.messages import Answer, Request
from connectors.http.rate_limit_headers import LONGEST_PAUSE_SECONDS, exhausted_for, retry_after
from connectors.peer import Connected, Peer
from connectors.rate_limiter import RateLimiter, Slot

AHEAD_BYTES = 4 << 20
"""Of one body, unpacked, that come before its turn."""


class Sent:
    """A request under way; `is_ahead` if its turn has not come when it is sent."""

    def __init__(self, request: Request, slot: Slot | None, *, is_ahead: bool = False) -> None:
        self.request = request
        self.is_ahead = is_ahead
        self.has_failed = False
        """Whether no answer came, or one that is no success."""
        self.seconds = 0.0
        """From the sending to the answer."""
        self.peer: Peer | None = None
        """Whom its connection has reached."""
        self.connected: Connected | None = None
        """The connection that was made for it, if one was."""
        self._slot = slot
        self._began = self._counted_from = time.monotonic()
        self._came = 0.0
        self._is_held = self._is_over = False
        self._turn = threading.Event()
        if not is_ahead:
            self._turn.set()

    def work(self, send: Callable[[Sent], Answer], budget: RateLimiter) -> Answer:
        """Send it, and wait for its answer. What that says of when to ask again holds for all
        requests from this moment on, whenever its turn comes.
        """
        try:
            answer = send(self)
            self._hear(answer, budget)
        except BaseException:
            self.has_failed = True
            raise
        finally:
            self._came = time.monotonic()
            self.seconds = self._came - self._began
            self.free()
        return answer

    def has_grown(self, size: int) -> None:
        """Take the size of its body so far. Waits for its turn where that is enough until then."""
        if size > AHEAD_BYTES and not self._turn.is_set():
            self._is_held = True
            self._turn.wait()
            if self._is_over:  # closed with bytes unread, a connection is reset
                raise SourceUnavailable(f"{self.request.what}: nobody waits for its answer")

    def take_turn(self) -> None:
        """Let the rest of it come."""
        if self._is_held:
            self._counted_from = time.monotonic()
        self._turn.set()

    def end(self) -> None:
        """Let no more of it come."""
        self._is_over = True
        self._turn.set()

    def left(self, seconds: float) -> float:
        """How many of so many seconds it still has."""
        return max(0.0, seconds - (time.monotonic() - self._counted_from))

    def kept(self) -> float:
        """For how many seconds its answer has waited for its turn."""
        return time.monotonic() - self._came if self.is_ahead else 0.0

    def free(self) -> None:
        """Let its slot of the budget rest from now on; only the first call counts."""
        if self._slot is not None:
            self._slot.free()

    def _hear(self, answer: Answer, budget: RateLimiter) -> None:
        self.has_failed = not answer.is_success
        if not self.request.budgeted:
            return
        now = datetime.now(UTC)
        wait = exhausted_for(answer.headers, now=now)
        # A refusal's Retry-After counts instead, as RateLimit's draft has it.
        is_told = not answer.is_success and retry_after(answer.headers, now=now) is not None
        if wait is not None and not is_told:
            budget.pause(wait)
        # At its turn whoever asks again lets the others wait, too.
        asked = answer.retry_after if self.is_ahead and self.has_failed else None
        if asked is not None and asked <= LONGEST_PAUSE_SECONDS:
            budget.pause(asked)
