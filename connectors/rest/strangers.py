"""Asks a source as those whom it must refuse: nobody, then strangers; each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from connectors.connector import Probe, ProbeKind
from connectors.errors import SourceUnavailable
from connectors.http.exchange import Connection
from connectors.http.messages import Request
from connectors.rest.auth.tokens import refuses_stranger
from connectors.retry import RetryPolicy

_UNAUTHORIZED, _FORBIDDEN, _SERVER_ERROR = 401, 403, 500


def probes(
    data: Iterable[Request],
    strangers: Iterable[tuple[str, Request]],
    connection: Connection,
    patience: RetryPolicy,
) -> Iterator[Probe]:
    """One for each request of `data`, which shows nobody, and for each of `strangers`."""
    for request in data:
        asked = _probe("nobody_refused", request, connection, patience)
        yield replace(asked, kind=ProbeKind.NOBODY)
    for name, request in strangers:
        yield _probe(name, request, connection, patience)


def _probe(name: str, request: Request, connection: Connection, patience: RetryPolicy) -> Probe:
    """Ask once; not at all where others had no answer one after the other."""
    breaker, now = patience.breaker, patience.monotonic
    unanswered = partial(Probe, name=name, refused=False, status="no answer")
    if breaker.is_open:
        return unanswered(detail=f"{request.what} was not sent: two others failed")
    try:
        answer = connection.exchange(request)
    except SourceUnavailable as error:
        breaker.failed(error, now=now())
        return unanswered(detail=str(error))
    if answer.status >= _SERVER_ERROR and not answer.is_overload:
        said = f"{answer.what} answered {answer.status}"
        breaker.failed(SourceUnavailable(said, answered=True), now=now())
    else:
        breaker.answered()
    denied = answer.status in (_UNAUTHORIZED, _FORBIDDEN) and not answer.is_overload
    refused = denied or refuses_stranger(answer)
    return Probe(name=name, refused=refused, status=str(answer.status), detail=answer.what)
