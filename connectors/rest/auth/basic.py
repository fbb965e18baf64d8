"""A user and a password with every request (RFC 7617)."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from connectors.errors import AccessDenied
from connectors.events import Emit
from connectors.http.messages import Request
from connectors.rest.auth import Authorize, authorize_with, with_header
from connectors.rest.auth.stranger import stranger
from connectors.secrets import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Basic:
    """Who we are at the source, in UTF-8.

    >>> Basic(user="reader", password=at.secret("password"))
    Basic(user='reader', password=Secret(reference='env:SHOP_PASSWORD'))
    """

    user: str
    password: Secret

    def __post_init__(self) -> None:
        # RFC 7617 2: a colon ends the user; neither of the two holds control characters.
        if ":" in self.user or not self.user.isprintable():
            raise ValueError("a user for HTTP Basic holds no colon and no control character")

    def begin(self, base_url: str, emit: Emit) -> Authorize:  # noqa: ARG002 - an Auth
        """Shows user and password with each request."""
        fix = f"the user and {self.password.reference}"
        return authorize_with(self, how="HTTP Basic", fix=fix, emit=emit)

    def strangers(
        self,
        base_url: str,  # noqa: ARG002 - an Auth
        requests: Sequence[Request],
    ) -> Iterator[tuple[str, Request]]:
        """A user who exists nowhere asks for data."""
        somebody = replace(self, **stranger())
        for request in requests:
            yield "stranger_refused", somebody.show(request)

    def show(self, request: Request) -> Request:
        """`request` with user and password."""
        password = self.password.reveal()
        if not password.isprintable():
            raise AccessDenied(f"{self.password.reference} holds a control character: correct it")
        pair = f"{self.user}:{password}".encode()
        return with_header(request, "authorization", f"Basic {base64.b64encode(pair).decode()}")
