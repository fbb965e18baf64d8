"""A pass that a source gives us for a while, a token or a session: one for all of a reading.

It is renewed when the source refuses it after it has taken one, once. A first or a second refusal
means that we are at fault, and not the pass: many systems lock whoever is refused again and again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeAlias

from connectors.errors import AccessDenied
from connectors.events import Emit
from connectors.http.messages import Answer, Request
from connectors.rest.auth import Conversation, asked_who

Got: TypeAlias = Generator[Request, Answer, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """How one is got and shown."""

    get: Callable[[bool], Got]
    """A conversation that returns a new one; it is told whether the source took one before."""
    show: Callable[[Request, str], Request]
    name: str
    """`token`, `session`."""
    fix: str
    """What to check where the source refuses a new one."""
    end: Callable[[str], Request] | None = None
    """A request that gives one back; None where it ends by itself."""


class Renewing:
    """Authorizes requests; threads that find the pass refused together renew it once."""

    def __init__(self, kind: Pass, emit: Emit) -> None:
        self._kind = kind
        self._emit = emit
        self._lock = threading.Lock()
        self._held: str | None = None
        self._accepted = False
        """Whether the source has taken any in this reading."""

    def __call__(self, request: Request) -> Conversation:
        """The request with the present pass; refused, with a new one; then AccessDenied."""
        shown = yield from self._other_than(None)
        answer = yield self._kind.show(request, shown)
        if (asks := asked_who(answer, self._emit)) is not None and not self._accepted:
            raise self._denied(answer, f"{asks} to a new {self._kind.name}")
        if asks is not None:
            shown = yield from self._other_than(shown)
            answer = yield self._kind.show(request, shown)
            if (asks := asked_who(answer, self._emit)) is not None:
                raise self._denied(answer, f"{asks} after one renewal")
        self._accepted = True
        return answer

    def first(self) -> Got:
        """A new one, which no request has shown yet."""
        return self._other_than(None)

    def _other_than(self, refused: str | None) -> Got:
        with self._lock:
            if self._held is None or self._held == refused:
                self._held = yield from self._kind.get(self._accepted)
            return self._held

    def last(self) -> Request | None:
        """What gives back the pass that is held: whoever asks it ends with it."""
        with self._lock:
            held, self._held = self._held, None
        return None if held is None or self._kind.end is None else self._kind.end(held)

    def _denied(self, answer: Answer, how: str) -> AccessDenied:
        return AccessDenied(f"{answer.what} answered {how}: check {self._kind.fix}")
