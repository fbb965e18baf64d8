"""How a client proves who it is: a conversation around each request.

    request ─▶ [token request ⇄ answer] ─▶ request with credentials ⇄ answer ─▶ the answer

Such a conversation is a generator: it yields what to send, is sent the answer, and returns the
answer to the first request. It neither sends nor retries. Requests go to one origin alone, so
credentials do too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from typing import Protocol, TypeAlias

from connectors.errors import AccessDenied
from connectors.events import Authenticated, Emit, Refused
from connectors.http.log_in_page import asks_who
from connectors.http.messages import Answer, Request
from connectors.secrets import Secret

_PRINTABLE = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")

Conversation: TypeAlias = Generator[Request, Answer, Answer]
Authorize: TypeAlias = Callable[[Request], Conversation]


class Auth(Protocol):
    """Who we are at a source; one kind a file.

    >>> auth: Auth = ApiKey(key=at.secret("key"), header="X-Api-Key")
    """

    def begin(self, base_url: str, emit: Emit) -> Authorize:
        """What authorizes the requests of one reading. It emits `Authenticated` when the source
        takes what we show, and raises AccessDenied when it does not.
        """

    def strangers(
        self, base_url: str, requests: Sequence[Request]
    ) -> Iterator[tuple[str, Request]]:
        """A probe's name and its request, for each way in, as somebody who exists nowhere: never
        a real principal's name. `requests` ask for data and show nobody.
        """


def converse(
    conversation: Conversation, send: Callable[[Request], Answer], *, shown: Request | None = None
) -> Answer:
    """Drive `conversation` to its end; an error of `send` ends it. `shown` is what it has yielded
    if it was begun before.
    """
    try:
        answer = send(next(conversation) if shown is None else shown)
        while True:
            answer = send(conversation.send(answer))
    except StopIteration as end:
        whole: Answer = end.value
        return whole
    finally:
        conversation.close()


def authorize_with(
    show: Callable[[Request], Request], *, how: str, fix: str, emit: Emit
) -> Authorize:
    """What authorizes with credentials that stay the same: `show` puts them on a request.

    A 401, or what else asks who we are, is AccessDenied, which says to check `fix`. The first
    answer of success says that they were taken; any other says nothing of them.
    """
    taken = False

    def authorize(request: Request) -> Conversation:
        nonlocal taken
        answer = yield show(request)
        if (asks := asked_who(answer, emit)) is not None:
            raise AccessDenied(f"{answer.what} answered {asks}: check {fix}")
        if not taken and 200 <= answer.status < 300:  # noqa: PLR2004 - RFC 9110 15.3
            taken = True
            emit(Authenticated(how=how, renewed=False))
        return answer

    return authorize


def asked_who(answer: Answer, emit: Emit) -> str | None:
    """How an answer asks who we are; None where it does not. A refusal in other words than 401 is
    told here, 401 where it was received.
    """
    asks = asks_who(answer)
    if asks is not None and asks != str(answer.status):
        emit(Refused(what=answer.what, status=asks))
    return asks


def with_header(request: Request, name: str, value: str) -> Request:
    """`request` with one header set."""
    others = {n: v for n, v in request.headers.items() if n.lower() != name.lower()}
    return replace(request, headers={**others, name: value})


def require_printable(secret: Secret) -> None:
    """AccessDenied for a secret that no header can hold (RFC 9110 5.5), such as one with a line
    break: sent, it would stand in an error.
    """
    if not _PRINTABLE.fullmatch(secret.reveal()):
        raise AccessDenied(f"{secret.reference} holds more than printable ASCII: correct it")
