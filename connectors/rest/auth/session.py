"""A log-in by user and password to a session, as ERP systems have it.

    user and password ─▶ a token, in the answer or in a cookie ─▶ shown with each request

Such systems lock an account after a few tries, so a refused log-in is one try.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from connectors.convert.strict_json import NotStrictJson, decoded
from connectors.errors import AccessDenied
from connectors.events import Authenticated, Emit, Refused
from connectors.http.messages import Answer, Request
from connectors.http.origin import follow
from connectors.rest.auth import Authorize, with_header
from connectors.rest.auth.renewing import Got, Pass, Renewing
from connectors.rest.locations import Location, locate
from connectors.secrets import Secret

USER, PASSWORD = "{user}", "{password}"
_BAD_REQUEST = 400
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
    """How that header shows the token."""

    def __post_init__(self) -> None:
        if (self.cookie is None) == (self.token is None):
            raise ValueError("a session is a cookie or a token of the answer: name one")
        if "{token}" not in self.shows:
            raise ValueError("shows says nothing of the {token}: write it there")

    def begin(self, base_url: str, emit: Emit) -> Authorize:
        """Logs in before the first request of a reading."""
        url = follow(base_url, self.path)

        def get(renewed: bool) -> Got:  # noqa: FBT001 - as `Pass` says
            answer = yield self.log_in(url)
            if answer.status == _BAD_REQUEST:
                emit(Refused(what=answer.what, status=str(answer.status)))
            token = self.found(answer) if answer.is_success else None
            if token is None:
                raise AccessDenied(
                    f"{answer.what} answered {answer.status} without a session: check the user "
                    f"and {self.password.reference}"
                )
            emit(Authenticated(how="session log-in", renewed=renewed))
            return token

        return Renewing(
            Pass(get=get, show=self.show, name="session", fix="the rights of the user")
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
            yield "forged_session_refused", self.show(request, secrets.token_hex(24))

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
        )

    def show(self, request: Request, token: str) -> Request:
        """`request` within a session."""
        if self.cookie is not None:
            return with_header(request, "cookie", f"{self.cookie}={token}")
        return with_header(request, self.header, self.shows.replace("{token}", token))

    def found(self, answer: Answer) -> str | None:
        """The session that an answer begins; None if it begins none."""
        if self.cookie is not None:
            at = rf"(?:^|,)\s*{re.escape(self.cookie)}=([^;,\s]*)"
            set_cookie = re.search(at, answer.headers.get("set-cookie", ""))
            token: object = set_cookie[1].strip('"') if set_cookie else None
        else:
            assert self.token is not None
            try:
                document = decoded(answer.body) if answer.body else None
                token = locate(self.token, document, answer.headers)
            except (NotStrictJson, LookupError):
                return None
        return token if isinstance(token, str) and _TOKEN.fullmatch(token) else None


def _filled(said: object, ours: Mapping[str, str]) -> object:
    match said:
        case str():
            return ours.get(said, said)
        case Mapping():
            return {name: _filled(one, ours) for name, one in said.items()}
        case list() | tuple():
            return [_filled(one, ours) for one in said]
    return said
