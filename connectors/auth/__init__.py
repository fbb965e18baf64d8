"""How a client proves who it is: a conversation around each request.

    request ─▶ [token request ⇄ answer] ─▶ request with credentials ⇄ answer ─▶ the answer

Such a conversation is a generator: it yields what to send, is sent the answer, and returns the
answer to the first request. It neither sends nor retries.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeAlias

from connectors.http import Answer, Request

Conversation: TypeAlias = Generator[Request, Answer, Answer]
Authorize: TypeAlias = Callable[[Request], Conversation]


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
