"""Tokens of OAuth 2.0 (RFC 6749), whatever they are asked for with, shown by RFC 6750.

    grant: the request for a token ─▶ tokens ─▶ each request with the token

A token lives in one reading and is written nowhere.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import msgspec

from connectors.convert.strict_json import NotStrictJson, decoded
from connectors.errors import AccessDenied, SourceChanged
from connectors.events import Authenticated, Emit, Refused
from connectors.http.messages import Answer, Request
from connectors.rest.auth.bearer import is_token, with_token
from connectors.rest.auth.renewing import Got, Pass, Renewing

_OK, _BAD_REQUEST, _UNAUTHORIZED = 200, 400, 401
_SETTINGS = {
    "invalid_scope": "scope",
    "invalid_target": "resource and audience",
    "unauthorized_client": "which grants the client is allowed",
    "unsupported_grant_type": "which grants the client is allowed",
}
"""RFC 6749 5.2 and RFC 8707 2: what to check where it is not who we are."""
_STRANGERS = frozenset({"invalid_client", "invalid_grant"})


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """What a token endpoint gave (RFC 6749 5.1)."""

    access_token: str
    token_type: str
    refresh_token: str | None = None

    def __repr__(self) -> str:
        """Without the tokens."""
        return "Issued()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a token is asked for with."""

    how: str
    """As events name it."""
    fix: str
    """What to check where the token endpoint does not know us."""
    request: Callable[[], Request]
    """A new request for a token."""
    keep: Callable[[Issued], None] = lambda _: None
    """Called with what was issued, before any of it is used."""
    alone: Callable[[], AbstractContextManager[None]] = nullcontext
    """What must be held from before the request until it was kept."""


def tokens(grant: Grant, emit: Emit) -> Renewing:
    """Authorizes the requests of one reading with tokens by `grant`."""

    def get(renewed: bool) -> Got:  # noqa: FBT001 - as `Pass` says
        make = grant.request
        with grant.alone():
            answer = yield replace(make(), anew=make)
            issued = _read(answer, grant, emit)
            grant.keep(issued)
        emit(Authenticated(how=grant.how, renewed=renewed))
        return issued.access_token

    return Renewing(Pass(get=get, show=with_token, name="token", fix="the client's grants"), emit)


def _read(answer: Answer, grant: Grant, emit: Emit) -> Issued:
    if answer.status == _BAD_REQUEST:  # RFC 6749 5.2 refuses with 400 or 401
        emit(Refused(what=answer.what, status=str(answer.status)))
    if answer.status in (_BAD_REQUEST, _UNAUTHORIZED):
        code = refusal(answer)
        setting = _SETTINGS.get(code or "")
        said = f"{answer.status} ({code})" if setting else str(answer.status)
        raise AccessDenied(f"{answer.what} answered {said}: check {setting or grant.fix}")
    issued, why = Issued(access_token="", token_type=""), ""
    try:
        issued = msgspec.convert(decoded(answer.body), Issued)
    except NotStrictJson as error:
        why = f", its JSON {error}"
    except msgspec.ValidationError:
        pass
    bearer = issued.token_type.lower() == "bearer"  # RFC 6749 5.1: in any case
    if answer.status != _OK or not bearer or not is_token(issued.access_token):
        raise SourceChanged(
            f"{answer.what} answered {answer.status} without a bearer token{why}: check token_path"
        )
    return issued


class _Refusal(msgspec.Struct):
    error: str


def refusal(answer: Answer) -> str | None:
    """The code by which a token endpoint refused (RFC 6749 5.2); None if it gave none."""
    try:
        return msgspec.convert(decoded(answer.body), _Refusal).error
    except (NotStrictJson, msgspec.ValidationError):
        return None


def refuses_stranger(answer: Answer) -> bool:
    """Whether a token endpoint says by 400 that it does not know who asks, or by what."""
    return answer.status == _BAD_REQUEST and refusal(answer) in _STRANGERS


def gave_token(answer: Answer) -> bool:
    """Whether a token stands in an answer, however it is typed."""
    try:
        document = decoded(answer.body)
    except NotStrictJson:
        return False
    return isinstance(document, dict) and bool(document.get("access_token"))


@runtime_checkable
class HasIssuer(Protocol):
    """A log-in whose tokens may come from another origin."""

    @property
    def issuer(self) -> str | None:
        """`https://host`, as the pilot names it; None for the source's own origin."""


def issuer_of(auth: object) -> str | None:
    """The other origin that a log-in asks for tokens; None where there is none."""
    return auth.issuer if isinstance(auth, HasIssuer) else None
