"""How a client proves who it is: a conversation around each request.

    request ─▶ [token request ⇄ answer] ─▶ request with credentials ⇄ answer ─▶ the answer

Such a conversation is a generator: it yields what to send, is sent the answer, and returns the
answer to the first request. It neither sends nor retries.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Protocol, TypeAlias

from connectors.events import Emit
from connectors.http.exchange import Answer, Request

Conversation: TypeAlias = Generator[Request, Answer, Answer]
Authorize: TypeAlias = Callable[[Request], Conversation]


class Auth(Protocol):
    """Who we are at a source; one kind a file."""

    def begin(self, base_url: str, emit: Emit) -> Authorize:
        """What authorizes the requests of one reading. It emits `Authenticated` when the source
        takes what we show, and raises AccessDenied when it does not.
        """

    def strangers(self, base_url: str, urls: Sequence[str]) -> Iterator[tuple[str, Request]]:
        """A probe's name and its request, for each way in, as somebody who exists nowhere: never
        a real principal's name. `urls` are those of data.
        """


def converse(conversation: Conversation, send: Callable[[Request], Answer]) -> Answer:
    """Hold `conversation` to its end; what `send` raises ends it."""
    try:
        answer = send(next(conversation))
        while True:
            answer = send(conversation.send(answer))
    except StopIteration as end:
        whole: Answer = end.value
        return whole
    finally:
        conversation.close()
