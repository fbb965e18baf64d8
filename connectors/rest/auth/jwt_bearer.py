"""The JWT bearer grant of OAuth 2.0 (RFC 7523 2.1): a signed assertion is given for a token."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.events import Emit
from connectors.http.messages import Request
from connectors.rest.auth import Authorize
from connectors.rest.auth.asking import TokenRequest, asking
from connectors.rest.auth.assertion import OURS, Assertion
from connectors.rest.auth.bearer import forge
from connectors.rest.auth.client import ClientSecret
from connectors.rest.auth.tokens import Grant, tokens
from connectors.secrets import Secret

_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass(frozen=True, slots=True, kw_only=True)
class JwtBearer:
    """Who we are at the source, by a private key that stays here.

    `claims` are what the assertion says beside what each new one says by itself: `iss`, mostly
    `sub`, and the issuer's own ones. `key` is PEM without a passphrase, RSA or P-256. A client
    beside it is shown where the issuer wants one. Experimental: no token endpoint of others was
    tried.

    >>> JwtBearer(
    ...     issuer="https://login.example",
    ...     token_path="/oauth/token",
    ...     claims={"iss": "seatrial", "sub": "reader@shop.example"},
    ...     key=at.secret("key"),
    ... ).issuer
    'https://login.example'
    """

    token_path: str
    claims: Mapping[str, str]
    key: Secret
    key_id: str | None = None
    audience: str | None = None
    """The assertion's `aud`: what the issuer calls itself; None for its token endpoint."""
    issuer: str | None = None
    """`https://host` of the token endpoint, where it is not the source's."""
    client_id: str | None = None
    client_secret: ClientSecret | None = None
    scope: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    now: Callable[[], float] = field(default=time.time, repr=False)

    def __post_init__(self) -> None:
        if not self.claims.get("iss"):
            raise ValueError("an assertion says who made it: add iss to claims")
        if taken := sorted(OURS & self.claims.keys()):
            raise ValueError(
                f"claims holds {taken[0]}, which each assertion says anew: leave it out"
            )
        self._asking("")

    def begin(self, base_url: str, emit: Emit) -> Authorize:
        """Gives a new assertion for each token."""

        def request() -> Request:
            return self._asking(self._assertion(base_url).token()).as_us(base_url)

        fix = f"iss, sub, audience and {self.key.reference}"
        return tokens(Grant(how="OAuth 2.0 JWT bearer", fix=fix, request=request), emit)

    def strangers(
        self, base_url: str, requests: Sequence[Request]
    ) -> Iterator[tuple[str, Request]]:
        """An assertion of nobody's asks for a token, and a token that nobody issued for data.
        Where no client is shown, so do assertions of ours that are out of date, and for somebody
        else.
        """
        assertion = self._assertion(base_url)
        yield "stranger_refused", self._asking(assertion.stranger()).as_stranger(base_url)
        if self.client_id is None:
            for name, token in assertion.worthless():
                yield name, self._asking(token).as_nobody(base_url)
        yield from forge(requests)

    def _assertion(self, base_url: str) -> Assertion:
        return Assertion(
            claims=self.claims,
            audience=self.audience or self._asking("").url(base_url),
            key=self.key,
            key_id=self.key_id,
            now=self.now,
        )

    def _asking(self, assertion: str) -> TokenRequest:
        return asking(self, _GRANT, assertion=assertion)
