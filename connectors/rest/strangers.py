"""Asks a source as those whom it must refuse: nobody, then strangers; each once.

refused       401, 403, a log-in page or a redirect to one; 400 where that is what says so
let in        a page with rows where we asked for one; a token where we asked for that
neither       whatever else comes: nobody is accused of it
"""

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
from connectors.http.log_in_page import asks_who
from connectors.http.messages import Answer, Request
from connectors.rest.auth import Auth
from connectors.rest.auth.mtls import Mtls, stranger_certificate
from connectors.rest.auth.tokens import gave_token, refuses_stranger
from connectors.rest.first_pages import FirstPages
from connectors.retry import RetryPolicy

_FORBIDDEN, _SERVER_ERROR = 403, 500


def ask_strangers(
    auth: Auth,
    base_url: str,
    data: FirstPages,
    connect: Callable[[ClientCertificate | None], Connection],
    patience: RetryPolicy,
) -> Sequence[Probe]:
    """One for each request of `data`, which shows nobody, and for each of the log-in's strangers;
    none where it has none. `connect` makes connections that show a certificate, or none.
    """
    strangers = tuple(auth.strangers(base_url, data.requests))
    if not strangers:
        return ()
    with connect(None) as connection:
        nobody = [
            _ask("nobody_refused", ProbeKind.NOBODY, request, connection, patience, data)
            for request in data.requests
        ]
    theirs = stranger_certificate() if isinstance(auth, Mtls) else None
    with connect(theirs) as connection:
        return (
            *nobody,
            *(
                _ask(name, ProbeKind.STRANGER, asked, connection, patience, data)
                for name, asked in strangers
            ),
        )


def _ask(  # noqa: PLR0913, PLR0917 - the last three are the same for all
    name: str,
    kind: ProbeKind,
    request: Request,
    connection: Connection,
    patience: RetryPolicy,
    data: FirstPages,
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
    refusal = str(answer.status) if data.refuses(answer) else _refusal(answer)
    if answer.status >= _SERVER_ERROR and refusal is None and not answer.is_overload:
        said = f"{answer.what} answered {answer.status}"
        breaker.failed(SourceUnavailable(said, answered=True), now=now())
    else:
        breaker.answered()
    came = _came(answer, data.has_rows(request, answer))
    return probe(refused=refusal is not None, status=refusal or came, detail=answer.what)


def _refusal(answer: Answer) -> str | None:
    """How it refuses; None where it does not."""
    if answer.is_overload:
        return None
    said = refuses_stranger(answer) or is_refused_by_400(answer) or answer.status == _FORBIDDEN
    return asks_who(answer) or (str(answer.status) if said else None)


def _came(answer: Answer, has_rows: bool | None) -> str:  # noqa: FBT001 - of whom answered
    """Its status; with what lacks, where that alone would look as if somebody was let in."""
    if not answer.is_success:
        return str(answer.status)
    if has_rows is None:
        return str(answer.status) if gave_token(answer) else f"{answer.status} without a token"
    return str(answer.status) if has_rows else f"{answer.status} without rows"
