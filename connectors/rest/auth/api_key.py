"""A key in a header or a query parameter of the source's choice."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from connectors.events import Emit
from connectors.http.messages import Request
from connectors.rest.auth import Authorize, authorize_with, printable, with_header
from connectors.secrets import Secret

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""RFC 9110 5.6.2: what a header may be called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """The key goes with every request, in `header` or as the query parameter `parameter`.

    Name one of the two, the header where the source lets you choose: servers and proxies log
    queries. A key in the query is set as a request is sent and is in no address that we keep.

    >>> ApiKey(key=at.secret("key"), header="X-Api-Key").header
    'X-Api-Key'
    """

    key: Secret
    header: str | None = None
    parameter: str | None = None

    def __post_init__(self) -> None:
        if (self.header is None) == (self.parameter is None):
            raise ValueError("an API key goes into a header or a query parameter: name one")
        if self.header is not None and not _NAME.fullmatch(self.header):
            raise ValueError("an API key's header has a name that no header can have")

    def begin(self, base_url: str, emit: Emit) -> Authorize:  # noqa: ARG002 - an Auth
        """Shows the key with each request."""
        how = "API key in a header" if self.header else "API key in the query"
        return authorize_with(self, how=how, fix=self.key.reference, emit=emit)

    def strangers(
        self,
        base_url: str,  # noqa: ARG002 - an Auth
        requests: Sequence[Request],
    ) -> Iterator[tuple[str, Request]]:
        """A key that nobody gave out asks for data."""
        unknown = replace(self, key=Secret("a random key", secrets.token_urlsafe(24)))
        for request in requests:
            yield "stranger_refused", unknown.show(request)

    def show(self, request: Request) -> Request:
        """`request` with the key."""
        if self.header is not None:
            return with_header(request, self.header, printable(self.key))
        assert self.parameter is not None
        return replace(request, secret_query={self.parameter: printable(self.key)})
