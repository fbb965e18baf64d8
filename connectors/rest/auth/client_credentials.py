"""OAuth 2.0 client credentials (RFC 6749 4.4) with bearer tokens (RFC 6750).

A token lives in one reading's `_Tokens` and is written nowhere. It is renewed when the source
refuses it after it has taken one, once; a first or a second refusal means that the client, not its
token, is at fault.
"""

from __future__ import annotations

import base64
import secrets
import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote_plus, urlencode

import msgspec

from connectors.convert.strict_json import NotStrictJson, decoded
from connectors.errors import AccessDenied, SourceChanged
from connectors.events import Authenticated, Emit, Refused
from connectors.http.messages import Answer, Request
from connectors.http.origin import follow
from connectors.rest.auth import Authorize, Conversation, with_header
from connectors.rest.auth.bearer import forge, is_token, with_token
from connectors.rest.auth.introspection import Introspection
from connectors.secrets import Secret

_OK, _BAD_REQUEST, _UNAUTHORIZED = 200, 400, 401


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCredentials:
    """Who we are at the source. The token endpoint is of the source's own origin.

    >>> ClientCredentials(
    ...     token_path="/oauth/token", client_id="seatrial", client_secret=at.secret("password")
    ... ).token_path
    '/oauth/token'
    """

    token_path: str
    client_id: str
    client_secret: Secret
    introspection: Introspection | None = None
    """Where the source says what our tokens may do: `least_privilege` asks there."""

    def begin(self, base_url: str, emit: Emit) -> Authorize:
        """Gets a token before the first request of a reading, and keeps it to its end."""
        return _Tokens(self, follow(base_url, self.token_path), emit)

    def strangers(
        self, base_url: str, requests: Sequence[Request]
    ) -> Iterator[tuple[str, Request]]:
        """An unknown client asks for a token, and for data with one that nobody issued."""
        stranger = replace(
            self,
            client_id=f"stranger-{secrets.token_hex(8)}",
            client_secret=Secret("a random secret", secrets.token_urlsafe(24)),
        )
        yield "stranger_refused", stranger.token_request(follow(base_url, self.token_path))
        yield from forge(requests)

    def introspect(self, base_url: str, emit: Emit) -> Conversation:
        """Ask about a new token, as the client that got it (RFC 7662 2.1)."""
        assert self.introspection is not None
        token = yield from _Tokens(self, follow(base_url, self.token_path), emit).first()
        return (yield from self.introspection.ask(base_url, token, self._show))

    def token_request(self, url: str) -> Request:
        """The request for a token, as the client."""
        return self._show(
            Request(
                method="POST",
                url=url,
                headers={"content-type": "application/x-www-form-urlencoded"},
                body=urlencode({"grant_type": "client_credentials"}).encode(),
                budgeted=False,
            )
        )

    def _show(self, request: Request) -> Request:
        """RFC 6749 2.3.1: id and secret are form-encoded before Basic joins them."""
        pair = f"{quote_plus(self.client_id)}:{quote_plus(self.client_secret.reveal())}"
        basic = base64.b64encode(pair.encode()).decode()
        return with_header(request, "authorization", f"Basic {basic}")


class _Tokens:
    """Authorizes requests with one token; threads that find it refused together renew it once."""

    def __init__(self, credentials: ClientCredentials, token_url: str, emit: Emit) -> None:
        self._credentials = credentials
        self._token_url = token_url
        self._emit = emit
        self._lock = threading.Lock()
        self._token: str | None = None
        self._accepted = False
        """Whether the source has taken any token in this reading."""

    def __call__(self, request: Request) -> Conversation:
        """The request with the present token; refused, with a new one; then AccessDenied."""
        token = yield from self._token_other_than(None)
        answer = yield with_token(request, token)
        if answer.status == _UNAUTHORIZED and not self._accepted:
            raise AccessDenied(
                f"{answer.what} answered 401 to a new token: check the client's grants"
            )
        if answer.status == _UNAUTHORIZED:
            token = yield from self._token_other_than(token)
            answer = yield with_token(request, token)
            if answer.status == _UNAUTHORIZED:
                raise AccessDenied(
                    f"{answer.what} answered 401 after one renewal: check the client's grants"
                )
        self._accepted = True
        return answer

    def first(self) -> Generator[Request, Answer, str]:
        """A new token, which no request has shown yet."""
        return self._token_other_than(None)

    def _token_other_than(self, refused: str | None) -> Generator[Request, Answer, str]:
        with self._lock:
            if self._token is None or self._token == refused:
                answer = yield self._credentials.token_request(self._token_url)
                self._token = self._read_token(answer)
                self._emit(
                    Authenticated(how="OAuth 2.0 client credentials", renewed=self._accepted)
                )
            return self._token

    def _read_token(self, answer: Answer) -> str:
        if answer.status == _BAD_REQUEST:  # RFC 6749 5.2 refuses with 400 or 401
            self._emit(Refused(what=answer.what, status=str(answer.status)))
        if answer.status in (_BAD_REQUEST, _UNAUTHORIZED):
            raise AccessDenied(
                f"{answer.what} answered {answer.status}: check the client id and "
                f"{self._credentials.client_secret.reference}"
            )
        issued, why = _Issued(access_token="", token_type=""), ""
        try:
            issued = msgspec.convert(decoded(answer.body), _Issued)
        except NotStrictJson as error:
            why = f", its JSON {error}"
        except msgspec.ValidationError:
            pass
        bearer = issued.token_type.lower() == "bearer"  # RFC 6749 5.1: in any case
        if answer.status != _OK or not bearer or not is_token(issued.access_token):
            raise SourceChanged(
                f"{answer.what} answered {answer.status} without a bearer token{why}: "
                "check token_path"
            )
        return issued.access_token


class _Issued(msgspec.Struct):
    access_token: str
    token_type: str
