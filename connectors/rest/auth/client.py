"""Who the client is at a token endpoint: an id, and what shows that it is the client.

Secret ─▶ HTTP Basic        SecretPost ─▶ in the body        PrivateKeyJwt ─▶ a signed assertion
"""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias
from urllib.parse import quote_plus, urlencode

from connectors.http.messages import Request
from connectors.rest.auth import with_header
from connectors.rest.auth.assertion import Assertion
from connectors.secrets import Secret

_JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretPost:
    """A client's secret that goes in the body (RFC 6749 2.3.1), where a source takes no Basic.

    >>> SecretPost(secret=at.secret("secret"))
    SecretPost(secret=Secret(reference='env:SHOP_SECRET'))
    """

    secret: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateKeyJwt:
    """A client's private key, which stays here: it signs an assertion for each token request
    (RFC 7523 2.2).

    `key` is PEM without a passphrase: RSA signs RS256, P-256 signs ES256. `audience` is what the
    issuer calls itself; None for the address of the token endpoint.

    >>> PrivateKeyJwt(key=at.secret("key"), key_id="2026", audience="https://login.example").key_id
    '2026'
    """

    key: Secret
    key_id: str | None = None
    audience: str | None = None
    now: Callable[[], float] = field(default=time.time, repr=False)


ClientSecret: TypeAlias = Secret | SecretPost | PrivateKeyJwt


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """One client. Without a secret it is a public one (RFC 6749 2.1); without an id it is nobody,
    which some grants allow.
    """

    id: str | None
    secret: ClientSecret | None

    def __post_init__(self) -> None:
        if self.id is None and self.secret is not None:
            raise ValueError("a client's secret needs its id: add client_id")

    @property
    def fix(self) -> str:
        """What to check where it is not known."""
        match self.secret:
            case None:
                return "the client id"
            case Secret(reference=reference):
                return f"the client id and {reference}"
            case SecretPost(secret=secret):
                return f"the client id and {secret.reference}"
            case PrivateKeyJwt(key=key):
                return f"the client id, {key.reference} and audience"

    def show(self, request: Request) -> Request:
        """`request`, whose body is a form, as the client."""
        if self.id is None:
            return request
        match self.secret:
            case None:
                return _with_form(request, client_id=self.id)
            case SecretPost(secret=secret):
                return _with_form(request, client_id=self.id, client_secret=secret.reveal())
            case Secret():
                # RFC 6749 2.3.1: id and secret are form-encoded before Basic joins them.
                pair = f"{quote_plus(self.id)}:{quote_plus(self.secret.reveal())}"
                basic = base64.b64encode(pair.encode()).decode()
                return with_header(request, "authorization", f"Basic {basic}")
            case PrivateKeyJwt():
                return _assert(request, self.id, self._assertion(self.secret, request).token())

    def stranger(self) -> Client:
        """A client that exists nowhere, with what nobody gave out; nobody, where we are nobody."""
        if self.id is None:
            return self
        unknown = Secret("a random secret", secrets.token_urlsafe(24))
        shown = SecretPost(secret=unknown) if isinstance(self.secret, SecretPost) else unknown
        return replace(self, id=f"stranger-{secrets.token_hex(8)}", secret=shown)

    def strangers(self, request: Request) -> Iterator[tuple[str, Request]]:
        """`request`, which shows nobody, as those who must not get a token by it."""
        if not isinstance(self.secret, PrivateKeyJwt):
            yield "stranger_refused", self.stranger().show(request)
            return
        assertion = self._assertion(self.secret, request)
        name = f"stranger-{secrets.token_hex(8)}"
        yield "stranger_refused", _assert(request, name, assertion.stranger(name))
        for name, token in assertion.worthless():
            yield name, _assert(request, self.id or "", token)

    def _assertion(self, shown: PrivateKeyJwt, request: Request) -> Assertion:
        return Assertion(
            claims={"iss": self.id, "sub": self.id},
            audience=shown.audience or request.url,
            key=shown.key,
            key_id=shown.key_id,
            now=shown.now,
        )


def _assert(request: Request, client_id: str, token: str) -> Request:
    return _with_form(
        request, client_id=client_id, client_assertion_type=_JWT, client_assertion=token
    )


def _with_form(request: Request, **more: str) -> Request:
    body = b"&".join(filter(None, (request.body, urlencode(more).encode())))
    return replace(request, body=body)
