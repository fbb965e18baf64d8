"""A SAML log-in as a browser does it (SAML 2.0 profiles 4.1), to a session of the source.

    source ─▶ provider ─▶ its form, filled in ─▶ SAMLResponse ─▶ source ─▶ the session's cookie

Redirects and forms lead from one to the other. They are followed to the source and to the provider
that the pilot names, and to no third; user and password are filled into the provider's form alone.
The form is sent once: whoever shows it again has refused.
"""

from __future__ import annotations

import secrets
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectors.errors import AccessDenied, SourceChanged, SourceError
from connectors.events import Authenticated, Emit, Refused
from connectors.http.browsing import Browsing
from connectors.http.html_forms import Form, forms
from connectors.http.log_in_page import asks_who
from connectors.http.messages import Answer, Request
from connectors.http.origin import follow, origin
from connectors.rest.auth import Authorize, with_header
from connectors.rest.auth.log_out import LogOut
from connectors.rest.auth.renewing import Got, Pass, Renewing
from connectors.secrets import Secret

_RESPONSE = "SAMLResponse"
_SAML = frozenset({"SAMLRequest", _RESPONSE})
_NOT_THERE = frozenset({404, 405})
_REFUSED = frozenset({400, 401, 403, 429})
_TOLD = frozenset({401, 403, 429})
"""Refusals that were told where they were received."""
_MOST_STEPS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SamlLogIn:
    """Who we are, where the log-in begins, and which identity provider may be shown the password.

    >>> SamlLogIn(
    ...     path="/saml/login",
    ...     provider="https://login.example",
    ...     user="reader",
    ...     password=at.secret("password"),
    ...     cookie="session",
    ... ).provider
    'https://login.example'
    """

    path: str
    """At the source: it leads to the provider's form. Often any address that needs a session."""
    provider: str
    """`https://host` of the identity provider: user and password go there alone."""
    user: str
    password: Secret
    cookie: str
    """The source's cookie that is the session."""
    user_field: str = "username"
    """What the provider's form calls the user."""
    password_field: str = "password"  # noqa: S105 - a name
    log_out: LogOut | None = None
    """What ends a session behind a reading; None leaves that to the source."""

    def __post_init__(self) -> None:
        origin(self.provider)

    @property
    def issuer(self) -> str:
        """The other origin that requests go to."""
        return self.provider

    def begin(self, base_url: str, emit: Emit) -> Authorize:
        """Logs in before the first request of a reading."""

        def get(renewed: bool) -> Got:  # noqa: FBT001 - as `Pass` says
            shown = yield from self._log_in(base_url, emit)
            emit(Authenticated(how="SAML log-in", renewed=renewed))
            return shown

        def end(shown: str) -> Request:
            assert self.log_out is not None
            return _show(self.log_out.request(base_url), shown)

        return Renewing(
            Pass(
                get=get,
                show=_show,
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
        """A session that nobody began asks for data. No stranger tries to log in: many providers
        count that against the address, and the next one is ours.
        """
        for request in requests:
            yield (
                "forged_session_refused",
                _show(request, f"{self.cookie}={secrets.token_hex(24)}"),
            )

    def _log_in(self, base_url: str, emit: Emit) -> Generator[Request, Answer, str]:
        browsing, own = Browsing(base_url, self.provider), origin(base_url)
        ours = {self.user_field: self.user, self.password_field: self.password.reveal()}
        has_responded = False
        request: Request | None = browsing.get(follow(base_url, self.path))
        for _ in range(_MOST_STEPS):
            assert request is not None
            answer = yield request
            came = browsing.take(answer)
            if has_responded and origin(answer.url) == own and self.cookie in came:
                return browsing.cookies(base_url)
            request = browsing.redirected(answer)
            if request is not None:
                continue
            form = _next(forms(answer.body) if answer.is_success else (), ours)
            if form is None:
                raise self._refused(answer, emit, has_responded=has_responded, ours=ours)
            if _SAML.isdisjoint(form.fields):
                request = self._filled(answer, form, browsing, ours)
            else:
                place = own if _RESPONSE in form.fields else origin(self.provider)
                if origin(browsing.target(answer, form.action)) != place:
                    said = f"{answer.what} sends its form elsewhere than a SAML log-in does"
                    raise SourceChanged(f"{said}: it was not sent: report it there")
                has_responded = has_responded or _RESPONSE in form.fields
                request = browsing.submitted(answer, form, {})
        raise SourceChanged(f"{self.path} leads to no end of a log-in: correct path of SamlLogIn")

    def _filled(
        self, answer: Answer, form: Form, browsing: Browsing, ours: dict[str, str]
    ) -> Request:
        """The provider's form with what it asks for, which is taken out of `ours`."""
        at = {origin(answer.url), origin(browsing.target(answer, form.action))}
        if at != {origin(self.provider)} or form.method != "post":
            said = f"{answer.what} shows a log-in form that is not the provider's own"
            raise SourceChanged(
                f"{said}: it was not filled in: correct path or provider of SamlLogIn"
            )
        shown = {name: ours.pop(name) for name in list(ours) if name in form.fields}
        return browsing.submitted(answer, form, shown)

    def _refused(
        self, answer: Answer, emit: Emit, *, has_responded: bool, ours: Mapping[str, str]
    ) -> SourceError:
        said = f"{answer.what} answered {answer.status}"
        if answer.status in _NOT_THERE:
            return SourceChanged(f"{said}: correct path or provider of SamlLogIn")
        if has_responded:
            fix = f"without the cookie {self.cookie}: check the rights of the user, and cookie"
        elif self.user_field in ours:
            fix = f"with no form that has {' or '.join(ours)}: correct path or user_field"
            return SourceChanged(f"{said} {fix} of SamlLogIn")
        elif any(one.asks_password for one in forms(answer.body)):
            fix = f"with its form once more: check the user and {self.password.reference}"
        elif answer.status in _REFUSED:
            fix = f"in a log-in: check the user and {self.password.reference}"
        else:
            fix = "with a form that asks for more: have the user log in by a password alone"
        if answer.status not in _TOLD:
            emit(Refused(what=answer.what, status=asks_who(answer) or str(answer.status)))
        return AccessDenied(f"{said} {fix}")


def _next(found: Sequence[Form], ours: Mapping[str, str]) -> Form | None:
    """The form that leads on: SAML's own, or the one that asks for what is left of ours."""
    for form in found:
        if not _SAML.isdisjoint(form.fields):
            return form
    for form in found:
        if not ours.keys().isdisjoint(form.fields):
            return form
    return None


def _show(request: Request, shown: str) -> Request:
    return with_header(request, "cookie", shown)
