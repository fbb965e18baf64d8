"""A log-in by user and password to a session, as ERP systems have it.

    user and password ─▶ a token or a cookie ─▶ shown with each request ─▶ given back

Such systems lock an account after a few tries, so a refused log-in is one try.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from connectors.convert.strict_json import NotStrictJson, decoded
from connectors.errors import AccessDenied, SourceChanged, SourceError
from connectors.events import Authenticated, Emit, Refused
from connectors.http.cookies import cookies_set
from connectors.http.log_in_page import asks_who, is_redirect
from connectors.http.messages import Answer, Request
from connectors.http.origin import follow
from connectors.rest.auth import Authorize, with_header
from connectors.rest.auth.log_out import LogOut
from connectors.rest.auth.renewing import Got, Pass, Renewing
from connectors.rest.locations import Location, locate
from connectors.secrets import Secret

USER, PASSWORD = "{user}", "{password}"
_TOLD = frozenset({401, 403, 429})
"""Refusals that were told where they were received."""
_NOT_THERE = frozenset({404, 405})
_TOO_MANY = 429
_PART = re.compile(r"\{(\w+)\}")
_TOKEN = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]{1,4096}")
"""RFC 6265 4.1.1, cookie-octet: what a header can hold, whatever a source sends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Who we are, and where the log-in is: at the source's own origin.

    >>> Session(
    ...     path="/login", user="reader", password=at.secret("password"), cookie="sessionid"
    ... ).cookie
    'sessionid'
    """

    path: str
    user: str
    password: Secret
    body: Mapping[str, object] = field(
        default_factory=lambda: {"username": USER, "password": PASSWORD}
    )
    """What the log-in is sent; `"{user}"` and `"{password}"` stand for ours, at any depth."""
    as_form: bool = False
    """Whether it is sent as a form (one of texts alone), and not as JSON."""
    cookie: str | None = None
    """The cookie that is the session; or else `token`."""
    token: Location | None = None
    """Where the answer has the session's token, as `"result.token"`."""
    header: str = "Authorization"
    shows: str = "Bearer {token}"
    """How that header shows the token. `{user}` stands for ours there, too."""
    parts: Mapping[str, Location] = field(default_factory=dict)
    """Further places of the answer, by the names that `shows` or `base64` have for them."""
    base64: str | None = None
    """What `{base64}` in `shows` stands for, before it is encoded: `"{user}:{id}:{token}"`."""
    log_out: LogOut | None = None
    """What ends a session behind a reading; None leaves that to the source."""

    def __post_init__(self) -> None:
        if (self.cookie is None) == (self.token is None):
            raise ValueError("a session is a cookie or a token of the answer: name one")
        said = [*_names(self.shows), *_names(self.base64 or "")]
        known = {"user", "token", *self.parts, *(["base64"] if self.base64 is not None else [])}
        if unknown := [name for name in said if name not in known]:
            raise ValueError(f"shows has a part {unknown[0]!r} that is none: name it in parts")
        if "token" not in said:
            raise ValueError("shows says nothing of the {token}: write it there")

    def begin(self, base_url: str, emit: Emit) -> Authorize:
        """Logs in before the first request of a reading."""
        url = follow(base_url, self.path)

        def get(renewed: bool) -> Got:  # noqa: FBT001 - as `Pass` says
            answer = yield self.log_in(url)
            shown = self.found(answer)
            if shown is None:
                raise self._refused(answer, emit)
            emit(Authenticated(how="session log-in", renewed=renewed))
            return shown

        def end(shown: str) -> Request:
            assert self.log_out is not None
            return self.show(self.log_out.request(base_url), shown)

        return Renewing(
            Pass(
                get=get,
                show=self.show,
                name="session",
                fix="the rights of the user",
                end=None if self.log_out is None else end,
            ),
            emit,
        )

    def strangers(
        self,
        base_url: str,  # noqa: ARG002 - an Auth
        requests: Sequence[Request],
    ) -> Iterator[tuple[str, Request]]:
        """A session that nobody began asks for data. No stranger tries to log in: many systems
        count that against the address, and the next one is ours.
        """
        for request in requests:
            random = {name: secrets.token_hex(24) for name in ("token", *self.parts)}
            nobody = self._shown({**random, "user": f"stranger-{secrets.token_hex(8)}"})
            yield "forged_session_refused", self.show(request, nobody)

    def log_in(self, url: str) -> Request:
        """The request for a session."""
        ours = {USER: self.user, PASSWORD: self.password.reveal()}
        said = {name: _filled(one, ours) for name, one in self.body.items()}
        kind = "application/x-www-form-urlencoded" if self.as_form else "application/json"
        return Request(
            method="POST",
            url=url,
            headers={"content-type": kind},
            body=(urlencode(said) if self.as_form else json.dumps(said)).encode(),
            budgeted=False,
            is_log_in=True,
        )

    def show(self, request: Request, shown: str) -> Request:
        """`request` within a session: `shown` stands in its header."""
        return with_header(request, "cookie" if self.cookie else self.header, shown)

    def found(self, answer: Answer) -> str | None:
        """What shows the session that an answer begins; None if it begins none. What leads to a
        log-in page does not, although it may set a cookie.
        """
        begins = answer.is_success or (is_redirect(answer) and asks_who(answer) is None)
        if not begins:
            return None
        if self.cookie is not None:
            token = cookies_set(answer.headers).get(self.cookie)
            return self._shown({"token": token}) if token else None
        assert self.token is not None
        try:
            document = decoded(answer.body) if answer.body else None
            found = {
                name: locate(where, document, answer.headers)
                for name, where in {**self.parts, "token": self.token}.items()
            }
        except (NotStrictJson, LookupError):
            return None
        named = {name: _as_text(one) for name, one in found.items()}
        if not all(map(_TOKEN.fullmatch, named.values())) or type(found["token"]) is not str:
            return None
        return self._shown({**named, "user": self.user})

    def _shown(self, parts: Mapping[str, str]) -> str:
        if self.cookie is not None:
            return f"{self.cookie}={parts['token']}"
        encoded = base64.b64encode(_put(self.base64 or "", parts).encode()).decode()
        return _put(self.shows, {**parts, "base64": encoded})

    def _refused(self, answer: Answer, emit: Emit) -> SourceError:
        if answer.status in _NOT_THERE:
            return SourceChanged(
                f"{answer.what} answered {answer.status}: correct path of Session"
            )
        if answer.status not in _TOLD:
            emit(Refused(what=answer.what, status=asks_who(answer) or str(answer.status)))
        said = f"{answer.what} answered {answer.status} without a session"
        if answer.status == _TOO_MANY:
            return AccessDenied(f"{said}: wait before the next run, it takes none for now")
        return AccessDenied(f"{said}: check the user and {self.password.reference}")


def _names(template: str) -> Sequence[str]:
    """The parts that a text names, as they stand in its braces."""
    return _PART.findall(template)


def _put(template: str, parts: Mapping[str, str]) -> str:
    return _PART.sub(lambda part: parts[part[1]], template)


def _as_text(part: object) -> str:
    """As a header has it: a text, or the digits of a whole number."""
    return str(part) if isinstance(part, str) or type(part) is int else ""


def _filled(said: object, ours: Mapping[str, str]) -> object:
    match said:
        case str():
            return ours.get(said, said)
        case Mapping():
            return {name: _filled(one, ours) for name, one in said.items()}
        case list() | tuple():
            return [_filled(one, ours) for one in said]
    return said
