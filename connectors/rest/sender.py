"""Sends the requests of one reading: each at its turn, or ahead of it.

    page ─▶ its next request is known ─▶ sent ahead, while the page is typed and landed
    pages by position, at_once=8 ─▶ up to eight are sent ahead, as they will be asked for

Only the first try of a request is sent ahead. Its answer is taken at its turn, in the order of
pages and by one thread: there its events are told, a refused token is renewed, a failure is judged
and tried again. So rows, events, errors and renewals come as if each was sent at its turn. After
the first failure, and after a guess that was wrong, no more than one request is under way.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import count
from types import TracebackType
from typing import Self

from connectors.errors import SourceUnavailable
from connectors.events import Emit
from connectors.http.exchange import Connection
from connectors.http.messages import Answer, Request
from connectors.http.sent import Sent
from connectors.http.status import check_status
from connectors.rest.auth import Authorize, Conversation, converse
from connectors.retry import RetryPolicy, retrying

_LEAVING_SECONDS = 2.0
"""How long to wait for answers whose turn never comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ahead:
    """A request whose turn has not come."""

    asked: Request
    shown: Request
    """The same with credentials."""
    conversation: Conversation
    connection: Connection
    sent: Sent


class Sender:
    """One reading's, for one thread. `at_once` requests are under way at most; with 0 none is sent
    ahead. As a context it ends all its connections.
    """

    def __init__(  # noqa: PLR0913 - what all requests of a reading share
        self,
        connection: Connection,
        authorize: Authorize,
        *,
        emit: Emit,
        patience: RetryPolicy,
        pause: Callable[[float], None],
        at_once: int,
        check: Callable[[Answer], Answer] = check_status,
    ) -> None:
        """`check` tells which answers to requests for data are errors."""
        self._check = check
        self._authorize = authorize
        self._emit = emit
        self._patience = patience
        self._pause = pause
        self._at_once = at_once
        self._guesses = True
        """Whether what was sent ahead was asked for until now."""
        self._first = connection
        self._idle = [connection]
        self._ahead: deque[_Ahead] = deque()
        self._others = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._others.close()

    def answer(self, request: Request) -> Answer:
        """The answer to `request`, whose turn it is."""
        if self._ahead and self._ahead[0].asked != request:
            self._guesses = False
            self.leave()
        if not self._ahead:
            connection, conversation, shown = self._idle.pop(), self._authorize(request), None
        else:
            ahead = self._ahead.popleft()
            connection, conversation, shown = ahead.connection, ahead.conversation, ahead.shown
        try:
            return converse(conversation, partial(self._ask, connection), shown=shown)
        finally:
            self._idle.append(connection)

    def send_ahead(self, requests: Iterable[Request]) -> None:
        """Send what will be asked for next, in this order, as far as it may be: the budget has a
        slot for it, the source is well, and no more are under way than are allowed.
        """
        for number, request in enumerate(requests):
            if number < len(self._ahead):
                if self._ahead[number].asked != request:
                    return
            elif number >= self._allowed() or not self._begin(request):
                return

    def leave(self) -> None:
        """Let go of all that was sent ahead, and tell of the answers that come soon."""
        until = time.monotonic() + _LEAVING_SECONDS
        while self._ahead:
            ahead = self._ahead.popleft()
            ahead.conversation.close()
            self._idle.append(ahead.connection)
            ahead.connection.leave(seconds=until - time.monotonic())

    def _begin(self, request: Request) -> bool:
        """Whether it was sent. What needs another request first, as a new token is, is not."""
        conversation = self._authorize(request)
        shown = next(conversation)
        if shown.url == request.url and shown.budgeted and shown.safe:
            connection = self._idle.pop() if self._idle else self._another()
            sent = connection.send_ahead(shown)
            if sent is not None:
                self._ahead.append(
                    _Ahead(
                        asked=request,
                        shown=shown,
                        conversation=conversation,
                        connection=connection,
                        sent=sent,
                    )
                )
                return True
            self._idle.append(connection)
        conversation.close()
        return False

    def _allowed(self) -> int:
        """How many requests may be under way now."""
        breaker = self._patience.breaker
        if breaker.is_open or any(ahead.sent.has_failed for ahead in self._ahead):
            return 0
        alone = breaker.is_asked_alone or not self._guesses
        return min(self._at_once, 1) if alone else self._at_once

    def _another(self) -> Connection:
        return self._others.enter_context(self._first.beside())

    def _ask(self, connection: Connection, request: Request) -> Answer:
        numbers = count(1)

        def send() -> Answer:
            attempt = next(numbers)
            sent = request if attempt == 1 or request.anew is None else request.anew()
            try:
                answer = connection.exchange(sent, attempt=attempt)
                if sent.is_data:
                    return self._check(answer)
                return check_status(answer, is_log_in=sent.is_log_in)
            except SourceUnavailable as error:
                self._patience.breaker.ask_alone()
                if request.safe:
                    raise
                raise SourceUnavailable(
                    f"{error} (not sent again: only what is safe=True is, and behind a log-in "
                    "that was taken)",
                    retry_after=error.retry_after,
                    answered=error.answered,
                ) from error

        return retrying(
            request.what,
            emit=self._emit,
            hold=self._pause if request.budgeted else _alone,
            patience=self._patience,
            is_data=request.budgeted,
            is_safe=request.safe,
        )(send)


def _alone(_: float) -> None:
    """Nobody shares its quota with data."""
