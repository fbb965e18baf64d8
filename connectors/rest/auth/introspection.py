"""What a token may do, by the source's own word (RFC 7662), and what of it reading needs.

    token ─ POST, as the client ─▶ active, scope        each scope that is not needed is a power

The scope in a token, or beside it as it was issued, is not asked of the source: it is what the
client was told. The source's word is on this token: what else the client could ask for, its owner
alone can bound.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable
from urllib.parse import urlencode

import msgspec

from connectors.connector import Probe
from connectors.convert.strict_json import NotStrictJson, decoded
from connectors.errors import SourceError
from connectors.events import Emit
from connectors.http.exchange import Connection
from connectors.http.messages import Answer, Request
from connectors.http.origin import follow
from connectors.rest.auth import Conversation, converse
from connectors.rights import GRANTED, NO_ANSWER, NOT_GRANTED, power

_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,256}")
"""RFC 6749 3.3, scope-token."""
_OK = 200
_ASKING = "be asked which scopes its token has"
WHO = "our token"


@dataclass(frozen=True, slots=True, kw_only=True)
class Introspection:
    """Where the source tells what a token may do. The endpoint is of the origin that gives
    out the token: the source's own, or its `issuer`'s.

    >>> Introspection(path="/oauth/introspect", needs=("parts:read",)).needs
    ('parts:read',)
    """

    path: str
    needs: tuple[str, ...]
    """The scopes that reading needs: at least one. Every other one that is granted is too many."""

    def __post_init__(self) -> None:
        given: object = self.needs
        if not isinstance(given, tuple) or not given:
            raise ValueError('needs is a tuple of at least one scope: write ("parts:read",)')
        if not all(isinstance(one, str) and _SCOPE.fullmatch(one) for one in given):
            raise ValueError("a scope is printable ASCII without spaces: correct needs")

    def ask(self, base_url: str, token: str, show: Callable[[Request], Request]) -> Conversation:
        """Ask about a token; `show` says who asks."""
        request = Request(
            method="POST",
            url=follow(base_url, self.path),
            headers={"content-type": "application/x-www-form-urlencoded"},
            body=urlencode({"token": token, "token_type_hint": "access_token"}).encode(),
            budgeted=False,
        )
        return (yield show(request))

    def probes(self, answer: Answer) -> Sequence[Probe]:
        """One question for each scope that reading does not need, and one for any other; pure."""
        try:
            told = msgspec.convert(decoded(answer.body), _Told) if answer.status == _OK else None
        except (NotStrictJson, msgspec.ValidationError):
            told = None
        if told is None:
            says = f"{answer.what} answered {answer.status}, which tells no scope: check its path"
            return (power(_ASKING, status=str(answer.status), detail=says),)
        if not told.active:
            says = f"{answer.what} calls the token inactive that it was just given: check its path"
            return (power(_ASKING, status="inactive", detail=says),)
        if told.scope is None:
            says = f"{answer.what} tells no scope: take it out, and have the right attested"
            return (power(_ASKING, status="no scope", detail=says),)
        return tuple(self._judged(told.scope.split()))

    def _judged(self, granted: Sequence[str]) -> Iterator[Probe]:
        needed = ", ".join(self.needs)
        if lacking := [one for one in self.needs if one not in granted]:
            # Then scopes are not what lets us read, and say nothing of what else we may do.
            says = f"the token has no scope {', '.join(lacking)}: correct needs"
            yield power(f"use scope {needed} alone", status="lacking", detail=says)
        others = [one for one in dict.fromkeys(granted) if one not in self.needs]
        for one in others:
            yield power(f"use scope {one}", status=GRANTED, detail=WHO)
        if not others and not lacking:
            what = f"use any scope but {needed}"
            yield power(what, status=NOT_GRANTED, detail=WHO, refused=True)


class _Told(msgspec.Struct):
    active: bool
    scope: str | None = None


@runtime_checkable
class Introspects(Protocol):
    """A log-in whose tokens the source may be asked about."""

    @property
    def introspection(self) -> Introspection | None:
        """Where; None if the pilot names no such place."""

    def introspect(self, base_url: str, emit: Emit) -> Conversation:
        """Ask about a token as it is used for reading; the last answer is the source's word."""


def introspection_of(auth: object) -> Introspection | None:
    """Where the source is asked about a log-in's tokens; None where there is no such place."""
    return auth.introspection if isinstance(auth, Introspects) else None


def scopes(
    auth: object, base_url: str, connect: Callable[[], Connection], emit: Emit
) -> Sequence[Probe]:
    """What the source says of a log-in's token, where there is a place to ask. Never raises: no
    answer is one failed probe.
    """
    introspection = introspection_of(auth)
    if introspection is None:
        return ()
    assert isinstance(auth, Introspects)
    try:
        with connect() as connection:
            answer = converse(auth.introspect(base_url, emit), connection.exchange)
    except SourceError as error:
        return (power(_ASKING, status=NO_ANSWER, detail=str(error)),)
    return introspection.probes(answer)
