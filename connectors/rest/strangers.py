"""What a source answers to whoever is not us: each is asked once, and each answer is a fact."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from connectors.connector import Probe, ProbeKind
from connectors.errors import AccessDenied, SourceUnavailable
from connectors.http.client_certificate import refusal_of_ours
from connectors.http.exchange import Connection
from connectors.http.messages import Answer, Request
from connectors.retry import RetryPolicy

_BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN, _SERVER_ERROR = 400, 401, 403, 500
_REFUSED_WITH_400 = (b'"invalid_client"', b"SSL certificate")
"""RFC 6749 5.2 lets a token endpoint refuse an unknown client so; nginx does whoever shows no
certificate, or one that it does not trust."""


def ask_each(
    asked: Iterable[tuple[str, Request]],
    kind: ProbeKind,
    connection: Connection,
    patience: RetryPolicy,
) -> tuple[Probe, ...]:
    """Ask each request once, by its probe's name; not at all where others had no answer one after
    the other.
    """
    return tuple(_ask(name, kind, request, connection, patience) for name, request in asked)


def _ask(
    name: str, kind: ProbeKind, request: Request, connection: Connection, patience: RetryPolicy
) -> Probe:
    breaker, now = patience.breaker, patience.monotonic
    probe = partial(Probe, name=name, kind=kind)
    if breaker.is_open:
        said = f"{request.what} was not sent: two others failed"
        return probe(refused=False, status="no answer", detail=said)
    try:
        answer = connection.exchange(request)
    except SourceUnavailable as error:
        breaker.failed(error, now=now())
        return probe(refused=False, status="no answer", detail=str(error))
    except AccessDenied as error:
        if (reason := refusal_of_ours(error)) is None:
            raise
        breaker.answered()
        return probe(refused=True, status=f"TLS: {reason}", detail=request.what)
    if answer.status >= _SERVER_ERROR and not answer.is_overload:
        said = f"{answer.what} answered {answer.status}"
        breaker.failed(SourceUnavailable(said, answered=True), now=now())
    else:
        breaker.answered()
    return probe(refused=_is_refusal(answer), status=str(answer.status), detail=answer.what)


def _is_refusal(answer: Answer) -> bool:
    if answer.status == _BAD_REQUEST:
        return any(word in answer.body for word in _REFUSED_WITH_400)
    return answer.status in (_UNAUTHORIZED, _FORBIDDEN) and not answer.is_overload
