"""Asks a source as those whom it must refuse: nobody, then strangers; each once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from connectors.connector import Probe, ProbeKind
from connectors.errors import AccessDenied, SourceUnavailable
from connectors.http.client_certificate import (
    ClientCertificate,
    is_refused_by_400,
    refusal_of_ours,
)
from connectors.http.exchange import Connection
from connectors.http.messages import Answer, Request
from connectors.rest.auth import Auth
from connectors.rest.auth.mtls import Mtls, stranger_certificate
from connectors.rest.auth.tokens import refuses_stranger
from connectors.retry import RetryPolicy

_UNAUTHORIZED, _FORBIDDEN, _SERVER_ERROR = 401, 403, 500


def ask_strangers(  # noqa: PLR0913, PLR0917 - who asks, for what, and how
    auth: Auth,
    base_url: str,
    data: Sequence[Request],
    connect: Callable[[ClientCertificate | None], Connection],
    patience: RetryPolicy,
    refuses: Callable[[Answer], bool],
) -> Sequence[Probe]:
    """One for each request of `data`, which shows nobody, and for each of the log-in's strangers;
    none where it has none. `connect` makes connections that show a certificate, or none; `refuses`
    tells refusals that no status says.
    """
    strangers = tuple(auth.strangers(base_url, data))
    if not strangers:
        return ()
    with connect(None) as connection:
        nobody = [
            _ask("nobody_refused", ProbeKind.NOBODY, request, connection, patience, refuses)
            for request in data
        ]
    theirs = stranger_certificate() if isinstance(auth, Mtls) else None
    with connect(theirs) as connection:
        return (
            *nobody,
            *(
                _ask(name, ProbeKind.STRANGER, asked, connection, patience, refuses)
                for name, asked in strangers
            ),
        )


def _ask(  # noqa: PLR0913, PLR0917 - one probe, and what all of them share
    name: str,
    kind: ProbeKind,
    request: Request,
    connection: Connection,
    patience: RetryPolicy,
    refuses: Callable[[Answer], bool],
) -> Probe:
    """Ask once; not at all where others had no answer one after the other."""
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
    refused = refuses(answer) or _is_refusal(answer)
    if answer.status >= _SERVER_ERROR and not refused and not answer.is_overload:
        said = f"{answer.what} answered {answer.status}"
        breaker.failed(SourceUnavailable(said, answered=True), now=now())
    else:
        breaker.answered()
    return probe(refused=refused, status=str(answer.status), detail=answer.what)


def _is_refusal(answer: Answer) -> bool:
    if refuses_stranger(answer) or is_refused_by_400(answer):
        return True
    return answer.status in (_UNAUTHORIZED, _FORBIDDEN) and not answer.is_overload
