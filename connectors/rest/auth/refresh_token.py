"""The refresh token grant of OAuth 2.0 (RFC 6749 6), for what a person let us do once.

    take ─▶ token request ─▶ a new refresh token? ─▶ kept in its place ─▶ the access token is used

Many issuers replace a refresh token as it is used, and take it as stolen if it comes a second time
(RFC 9700 4.14.2). So the new one is kept before anything else is done, and never over one that
somebody else has put there. Processes of one user take turns with it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from connectors.errors import SourceError
from connectors.events import Emit
from connectors.http.messages import Request
from connectors.rate_limiter import RateLimiter
from connectors.rest.auth import Authorize
from connectors.rest.auth.asking import TokenRequest, asking
from connectors.rest.auth.bearer import forge
from connectors.rest.auth.client import ClientSecret
from connectors.rest.auth.tokens import Grant, Issued, tokens
from connectors.secrets import Kept, MissingReference, Secret

_MOMENT = 0.001
_GRANT = "refresh_token"
_ANEW = "log in anew, and keep the new refresh token there"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken:
    """Who we are at the source: whoever logged in once, and let us read.

    The refresh token is in a field of the secret store, which our log-in there may read and write.
    One pilot uses it, and no more: two would take it from each other.

    >>> RefreshToken(
    ...     token_path="/token", client_id="seatrial", refresh_token=at.kept("refresh_token")
    ... ).refresh_token
    KeptField(reference='vault:secret/shop#refresh_token')
    """

    token_path: str
    refresh_token: Kept
    client_id: str
    client_secret: ClientSecret | None = None
    issuer: str | None = None
    """`https://host` of the token endpoint, where it is not the source's."""
    scope: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._asking("")

    def begin(self, base_url: str, emit: Emit) -> Authorize:
        """Uses the refresh token that is kept now, and keeps the one that comes for it."""
        used: list[Secret] = []

        def request() -> Request:
            try:
                used.append(self.refresh_token.take())
            except MissingReference as error:
                raise SourceError(str(error)) from error
            return self._asking(used[-1].reveal()).as_us(base_url)

        def keep(issued: Issued) -> None:
            new, old = issued.refresh_token, used[-1]
            if new is None or new == old.reveal():
                return
            try:
                self.refresh_token.put(new, instead_of=old)
            except (SourceError, MissingReference) as error:
                raise SourceError(f"the new refresh token is lost: {error}: {_ANEW}") from error

        client = self._asking("").client.fix
        fix = f"{client}, and {self.refresh_token.reference}: if it was used up, {_ANEW}"
        # Whoever else uses the same one waits, and then takes the new one.
        alone = RateLimiter(1, _MOMENT).shared(self.refresh_token.reference)
        grant = Grant(
            how="OAuth 2.0 refresh token",
            fix=fix,
            request=request,
            keep=keep,
            alone=partial(alone.lease, lambda _: None),
        )
        return tokens(grant, emit)

    def strangers(
        self, base_url: str, requests: Sequence[Request]
    ) -> Iterator[tuple[str, Request]]:
        """An unknown client asks for a token with a refresh token that nobody issued, and for data
        with a token that nobody issued.
        """
        random = self._asking(secrets.token_urlsafe(24))
        yield "stranger_refused", random.as_stranger(base_url)
        yield from forge(requests)

    def _asking(self, refresh_token: str) -> TokenRequest:
        return asking(self, _GRANT, refresh_token=refresh_token)
