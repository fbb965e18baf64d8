"""The SAML 2.0 bearer grant of OAuth 2.0 (RFC 7522): an assertion is given for a token."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.errors import AccessDenied
from connectors.events import Emit
from connectors.http.messages import Request
from connectors.rest.auth import Authorize
from connectors.rest.auth.asking import TokenRequest, asking
from connectors.rest.auth.bearer import forge
from connectors.rest.auth.client import ClientSecret
from connectors.rest.auth.jwt import base64url
from connectors.rest.auth.tokens import Grant, tokens
from connectors.secrets import Secret

_GRANT = "urn:ietf:params:oauth:grant-type:saml2-bearer"
_NOBODYS = (
    '<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="_{name}" Version="2.0" '
    'IssueInstant="2026-01-01T00:00:00Z"><Issuer>{name}</Issuer>'
    "<Subject><NameID>{name}</NameID></Subject></Assertion>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SamlBearer:
    """Who we are at the source, by an assertion that an identity provider signed for us.

    `assertion` is its XML as the provider gave it, taken as a whole: it is neither made nor read
    here. A client beside it is shown where the issuer wants one. Experimental: no token endpoint
    of others was tried.

    >>> SamlBearer(
    ...     issuer="https://login.example", token_path="/token", assertion=at.secret("token")
    ... ).assertion
    Secret(reference='env:SHOP_TOKEN')
    """

    token_path: str
    assertion: Secret
    issuer: str | None = None
    """`https://host` of the token endpoint, where it is not the source's."""
    client_id: str | None = None
    client_secret: ClientSecret | None = None
    scope: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._asking("")

    def begin(self, base_url: str, emit: Emit) -> Authorize:
        """Gives the assertion for each token. AccessDenied where the secret is no XML element."""
        xml = self.assertion.reveal().strip()
        if not (xml.startswith("<") and xml.endswith(">")):
            raise AccessDenied(f"{self.assertion.reference} holds no assertion in XML: correct it")
        fix = f"whether {self.assertion.reference} is still valid, and for this issuer"
        grant = Grant(
            how="OAuth 2.0 SAML bearer",
            fix=fix,
            request=lambda: self._asking(xml).as_us(base_url),
        )
        return tokens(grant, emit)

    def strangers(
        self, base_url: str, requests: Sequence[Request]
    ) -> Iterator[tuple[str, Request]]:
        """An assertion that nobody signed asks for a token, and a token that nobody issued for
        data.
        """
        unsigned = _NOBODYS.format(name=f"stranger-{secrets.token_hex(8)}")
        yield "stranger_refused", self._asking(unsigned).as_stranger(base_url)
        yield from forge(requests)

    def _asking(self, xml: str) -> TokenRequest:
        # RFC 7522 2.1: base64url, without line breaks and better without padding.
        return asking(self, _GRANT, assertion=base64url(xml.encode()))
