"""OAuth 2.0 client credentials (RFC 6749 4.4): the client asks for a token as itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from connectors.events import Emit
from connectors.http.messages import Request
from connectors.rest.auth import Authorize, Conversation
from connectors.rest.auth.asking import TokenRequest, asking
from connectors.rest.auth.bearer import forge
from connectors.rest.auth.client import ClientSecret
from connectors.rest.auth.introspection import Introspection
from connectors.rest.auth.renewing import Renewing
from connectors.rest.auth.tokens import Grant, tokens

_GRANT = "client_credentials"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCredentials:
    """Who we are at the source. The token endpoint is of its own origin, or of `issuer`'s.

    A `Secret` is shown by HTTP Basic, `SecretPost(…)` in the body, `PrivateKeyJwt(…)` is never
    shown: it signs. `parameters` are the issuer's own ones, and hold nothing secret.

    >>> ClientCredentials(
    ...     token_path="/oauth/token", client_id="seatrial", client_secret=at.secret("password")
    ... ).token_path
    '/oauth/token'
    """

    token_path: str
    client_id: str
    client_secret: ClientSecret
    issuer: str | None = None
    """`https://host` of the token endpoint, where it is not the source's."""
    scope: str | None = None
    audience: str | None = None
    resource: str | tuple[str, ...] | None = None
    """RFC 8707: the address that a token is for; several in a tuple."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    introspection: Introspection | None = None
    """Where the source says what our tokens may do: `least_privilege` asks there."""

    def __post_init__(self) -> None:
        self._asking()

    def begin(self, base_url: str, emit: Emit) -> Authorize:
        """Gets a token before the first request of a reading, and keeps it to its end."""
        return self._tokens(base_url, emit)

    def strangers(
        self, base_url: str, requests: Sequence[Request]
    ) -> Iterator[tuple[str, Request]]:
        """An unknown client asks for a token, and for data with one that nobody issued. Where the
        client signs, so do assertions of ours that are out of date, and for somebody else.
        """
        asked = self._asking()
        yield from asked.client.strangers(asked.as_nobody(base_url))
        yield from forge(requests)

    def introspect(self, base_url: str, emit: Emit) -> Conversation:
        """Ask about a new token, as the client that got it (RFC 7662 2.1)."""
        assert self.introspection is not None
        token = yield from self._tokens(base_url, emit).first()
        at = self.issuer or base_url
        return (yield from self.introspection.ask(at, token, self._asking().client.show))

    def _tokens(self, base_url: str, emit: Emit) -> Renewing:
        asked = self._asking()
        grant = Grant(
            how="OAuth 2.0 client credentials",
            fix=asked.client.fix,
            request=lambda: asked.as_us(base_url),
        )
        return tokens(grant, emit)

    def _asking(self) -> TokenRequest:
        return asking(self, _GRANT, audience=self.audience, resource=self.resource)
