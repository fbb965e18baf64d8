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
from connectors.http.messages import Answer, Request
from connectors.rest.auth import Conversation

_UNAUTHORIZED = 401

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


class Renewing:
    """Authorizes requests; threads that find the pass refused together renew it once."""

    def __init__(self, kind: Pass) -> None:
        self._kind = kind
        self._lock = threading.Lock()
        self._held: str | None = None
        self._accepted = False
        """Whether the source has taken any in this reading."""

    def __call__(self, request: Request) -> Conversation:
        """The request with the present pass; refused, with a new one; then AccessDenied."""
        shown = yield from self._other_than(None)
        answer = yield self._kind.show(request, shown)
        if answer.status == _UNAUTHORIZED and not self._accepted:
            raise self._denied(answer, f"to a new {self._kind.name}")
        if answer.status == _UNAUTHORIZED:
            shown = yield from self._other_than(shown)
            answer = yield self._kind.show(request, shown)
            if answer.status == _UNAUTHORIZED:
                raise self._denied(answer, "after one renewal")
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

    def _denied(self, answer: Answer, when: str) -> AccessDenied:
        return AccessDenied(f"{answer.what} answered 401 {when}: check {self._kind.fix}")
