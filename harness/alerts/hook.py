"""Posts to an address by our own HTTP door: verified TLS, no redirect, no foreign proxy.

The address holds a token, so no message quotes it: errors name the channel and its reference.
"""

from __future__ import annotations

from pathlib import Path

from connectors.errors import AccessDenied, SourceChanged
from connectors.events import Event
from connectors.http.exchange import Connection
from connectors.http.messages import Limits, Request
from connectors.http.status import check_status
from connectors.rate_limiter import RateLimiter
from connectors.secrets import Secret

_LIMITS = Limits(seconds=10.0, bytes=1 << 20)
_GONE = (404, 410)


def ask(address: Secret, *, name: str, body: bytes | None = None, ca_file: Path | None) -> None:
    """Post `body` as JSON, or only ask where there is none. Raises SourceError for any answer but
    one that says that it was taken. `name` is what errors call it.
    """
    where = f"the address behind {address.reference}"
    with Connection(
        ca_file=ca_file,
        budget=RateLimiter(1, 1.0),
        limits=_LIMITS,
        emit=_ignore,
        setting=where,
    ) as connection:
        answer = connection.exchange(
            Request(
                method="GET" if body is None else "POST",
                url=address.reveal(),
                told=name,
                headers={} if body is None else {"content-type": "application/json"},
                body=body or b"",
                budgeted=False,
            )
        )
    if answer.status in _GONE:
        raise SourceChanged(f"{answer.what} answered {answer.status}: correct {where}")
    if not 200 <= check_status(answer).status < 300:  # noqa: PLR2004 - RFC 9110 15.3
        raise AccessDenied(f"{answer.what} answered {answer.status}: correct {where}")


def _ignore(_event: Event) -> None:
    """What is sent is recorded as a message that was told."""
