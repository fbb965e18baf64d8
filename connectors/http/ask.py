"""One request to an address that holds a token, or is somebody's: verified TLS, no redirect, no
foreign proxy.
"""

from __future__ import annotations

from pathlib import Path

from connectors.events import Event
from connectors.http.exchange import Connection
from connectors.http.messages import Answer, Limits, Request
from connectors.rate_limiter import RateLimiter

_LIMITS = Limits(seconds=10.0, bytes=1 << 20)


def ask(  # noqa: PLR0913 - what a request consists of, and what errors call it
    url: str,
    *,
    name: str,
    where: str,
    body: bytes | None = None,
    content_type: str = "application/json",
    ca_file: Path | None,
) -> Answer:
    """The answer to a POST of `body`, or to a GET where there is none, whatever its status.
    Raises SourceError for none. Errors call it `name`, and its setting `where`; none quotes `url`.
    """
    with Connection(
        ca_file=ca_file,
        budget=RateLimiter(1, 1.0),
        limits=_LIMITS,
        emit=_ignore,
        setting=where,
    ) as connection:
        return connection.exchange(
            Request(
                method="GET" if body is None else "POST",
                url=url,
                told=name,
                headers={} if body is None else {"content-type": content_type},
                body=body or b"",
                budgeted=False,
            )
        )


def _ignore(_event: Event) -> None:
    """Who asks records what came of it."""
