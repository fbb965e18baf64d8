"""A session is given back as a reading ends, also by an error, where the source wants it.

It is asked once, whatever comes: who cannot give it back leaves it to end as the source ends it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from connectors.errors import SourceError
from connectors.http.exchange import Connection
from connectors.http.messages import Request
from connectors.http.origin import follow
from connectors.rest.auth import Authorize

_SECONDS = 5.0
"""How long a run that is over waits for the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogOut:
    """The request that ends a session, which it shows as others do.

    >>> LogOut(path="/logout").method
    'POST'
    """

    path: str
    method: str = "POST"
    body: Mapping[str, object] | None = None
    """Sent as JSON; None for nothing."""

    def request(self, base_url: str) -> Request:
        """It, before it shows the session; SourceChanged if `path` leads to another origin."""
        return Request(
            method=self.method,
            url=follow(base_url, self.path),
            headers={} if self.body is None else {"content-type": "application/json"},
            body=b"" if self.body is None else json.dumps(self.body).encode(),
            budgeted=False,
            seconds=_SECONDS,
        )


@runtime_checkable
class GivesBack(Protocol):
    """An `Authorize` that may hold what the source wants back."""

    def last(self) -> Request | None:
        """What gives it back; None where nothing is held, or nobody wants it."""


def last_of(authorize: object) -> Request | None:
    """What gives back what it holds; None where there is no such thing."""
    return authorize.last() if isinstance(authorize, GivesBack) else None


@contextmanager
def given_back(authorize: Authorize, connection: Connection) -> Iterator[Authorize]:
    """Authorizes within; behind it, nothing is held. `connection` may still be in use."""
    try:
        yield authorize
    finally:
        if (last := last_of(authorize)) is not None:
            with suppress(SourceError), connection.beside() as other:
                other.exchange(last)
