"""How a client proves who it is: a conversation around each request.

    request ─▶ [token request ⇄ answer] ─▶ request with credentials ⇄ answer ─▶ the answer

Such a conversation is a generator: it yields what to send, is sent the answer, and returns the
answer to the first request. It neither sends nor retries. Requests go to one origin alone, so
credentials do too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import Field, replace
from typing import Any, ClassVar, Protocol, TypeAlias, TypeVar

from connectors.errors import AccessDenied, SourceError
from connectors.events import Authenticated, Emit, Refused
from connectors.http.log_in_page import asks_who
from connectors.http.messages import Answer, Request
from connectors.secrets import Secret, is_another, present

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


class Shows(Protocol):
    """A dataclass whose secrets go with every request."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def show(self, request: Request) -> Request:
        """`request` with them."""


_Who = TypeVar("_Who", bound=Shows)


def authorize_with(who: Shows, *, how: str, fix: str, emit: Emit) -> Authorize:
    """What authorizes with credentials that go with every request, as they are when a reading
    begins.

    A 401, or what else asks who we are, is AccessDenied, which says to check `fix`; but where the
    source had taken them, and they have been replaced meanwhile, the request is sent once more
    with the new ones. The first answer of success says that they were taken; any other says
    nothing of them.
    """
    held, taken = present(who), False

    def authorize(request: Request) -> Conversation:
        nonlocal held, taken
        shown, renewed = held, False
        answer = yield shown.show(request)
        asks = asked_who(answer, emit)
        if asks is not None and taken:
            if held is shown:
                held, renewed = _fetched_again(who, answer.what, asks), True
            if is_another(held, shown):
                answer = yield held.show(request)
                asks = asked_who(answer, emit)
        if asks is not None:
            raise AccessDenied(f"{answer.what} answered {asks}: check {fix}")
        if (renewed or not taken) and answer.is_success:
            taken = True
            emit(Authenticated(how=how, renewed=renewed))
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


def _fetched_again(who: _Who, what: str, asks: str) -> _Who:
    try:
        return present(who)
    except SourceError as error:  # whether it was replaced, nobody can say
        raise SourceError(f"{what} answered {asks}, and {error}") from error


def with_header(request: Request, name: str, value: str) -> Request:
    """`request` with one header set."""
    others = {n: v for n, v in request.headers.items() if n.lower() != name.lower()}
    return replace(request, headers={**others, name: value})


def printable(secret: Secret) -> str:
    """The value. AccessDenied for one that no header can hold (RFC 9110 5.5), such as one with a
    line break: sent, it would stand in an error.
    """
    value = secret.reveal()
    if not _PRINTABLE.fullmatch(value):
        raise AccessDenied(f"{secret.reference} holds more than printable ASCII: correct it")
    return value
