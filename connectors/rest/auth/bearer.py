"""A token that the source's owner issued, shown with every request (RFC 6750)."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from connectors.errors import AccessDenied
from connectors.events import Emit
from connectors.http.messages import Request
from connectors.rest.auth import Authorize, Conversation, authorize_with, with_header
from connectors.rest.auth.introspection import Introspection
from connectors.secrets import Secret

_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bearer:
    """One token, which nobody renews: refused, it ends the reading.

    >>> Bearer(token=at.secret("token"))
    Bearer(token=Secret(reference='env:SHOP_TOKEN'), introspection=None)
    """

    token: Secret
    introspection: Introspection | None = None
    """Where the source says what the token may do: `least_privilege` asks there."""

    def begin(self, base_url: str, emit: Emit) -> Authorize:  # noqa: ARG002 - an Auth
        """Shows the token with each request."""
        return authorize_with(self, how="bearer token", fix=self.token.reference, emit=emit)

    def strangers(
        self,
        base_url: str,  # noqa: ARG002 - an Auth
        requests: Sequence[Request],
    ) -> Iterator[tuple[str, Request]]:
        """A token that nobody issued asks for data."""
        return forge(requests)

    def introspect(self, base_url: str, emit: Emit) -> Conversation:  # noqa: ARG002 - Introspects
        """Ask about the token, by showing it (RFC 7662 2.1)."""
        assert self.introspection is not None
        token = self._token()
        show = partial(with_token, token=token)
        return (yield from self.introspection.ask(base_url, token, show))

    def show(self, request: Request) -> Request:
        """`request` with the token."""
        return with_token(request, self._token())

    def _token(self) -> str:
        token = self.token.reveal()
        if not is_token(token):
            raise AccessDenied(f"{self.token.reference} holds no bearer token: correct it")
        return token


def is_token(text: str) -> bool:
    """Whether a header can hold `text` as a token (RFC 6750 2.1, b64token)."""
    return _TOKEN.fullmatch(text) is not None


def with_token(request: Request, token: str) -> Request:
    """`request` with `token`."""
    return with_header(request, "authorization", f"Bearer {token}")


def forge(requests: Sequence[Request]) -> Iterator[tuple[str, Request]]:
    """Each request with a token that nobody issued."""
    for request in requests:
        yield "forged_token_refused", with_token(request, secrets.token_urlsafe(24))
