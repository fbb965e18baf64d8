"""What is asked over HTTP, what comes back, and what one answer may cost."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from connectors.http.origin import place
from connectors.http.rate_limit_headers import (
    LONGEST_TOLD_SECONDS,
    exhausted_for,
    is_overload,
    retry_after,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one answer may cost us.

    >>> Limits(seconds=120).ratio
    200
    """

    seconds: float = 30.0
    """From the look-up of the name to the last byte, however slowly they drip."""
    connect_seconds: float = 5.0
    bytes: int = 64 << 20
    """Unpacked."""
    ratio: int = 200
    """Unpacked to packed, from the first megabyte on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked; what may be secret has no repr."""

    method: str = "GET"
    url: str = field(repr=False)
    told: str | None = None
    """What to say in place of `host:port/path`, where the path came from the source and may hold a
    value from its data."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    secret_query: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Query parameters that are set as the request is sent: `url` never holds them."""
    budgeted: bool = True
    """False for what our quota does not cover: the token endpoint."""
    safe: bool = True
    """Whether it may be sent again although it may have been done already (RFC 9110 9.2.1)."""
    setting: str | None = None
    """What a pilot calls its address, where it is not the connection's."""
    seconds: float = math.inf
    """How long its answer may take, where that is less than the limits say."""
    is_log_in: bool = False
    """Whether whoever asks judges all answers but 5xx: there a redirect may be a success, and a
    429 a lock-out, which a second try would make longer."""
    anew: Callable[[], Request] | None = field(default=None, repr=False, compare=False)
    """Makes what is sent instead if this has to be sent again, as where it holds what is taken
    once."""

    @property
    def is_data(self) -> bool:
        """Whether it asks for data, and for nothing that a log-in needs."""
        return self.budgeted and not self.is_log_in

    @property
    def what(self) -> str:
        """`GET host:port/path`: without query values, user information or headers."""
        return f"{self.method} {self.told or place(self.url)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A whole answer: framed, unpacked and within its limits."""

    what: str
    url: str = field(repr=False)
    status: int
    headers: Mapping[str, str] = field(repr=False)
    """By lower-cased name; several fields of one name are joined by commas (RFC 9110 5.3)."""
    body: bytes = field(repr=False)
    withheld: frozenset[str] = frozenset()
    """Names of the secret query parameters, which `url` is without and a source may echo."""
    kept_seconds: float = 0.0
    """For how long it was kept before its turn came."""

    @property
    def is_success(self) -> bool:
        """RFC 9110 15.3."""
        return 200 <= self.status < 300  # noqa: PLR2004 - as the docstring says

    @property
    def retry_after(self) -> float | None:
        """The wait in seconds that the source asks for, as far as it has not passed: by
        Retry-After, or, where it refuses for the number of requests, until its quota is renewed.
        """
        now = datetime.now(UTC)
        asked = retry_after(self.headers, now=now)
        if asked is None and self.is_overload:
            asked = exhausted_for(self.headers, now=now, at_most=LONGEST_TOLD_SECONDS)
        return asked if asked is None else max(0.0, asked - self.kept_seconds)

    @property
    def is_overload(self) -> bool:
        """Whether it refuses the request for how many there are."""
        return is_overload(self.status, self.headers)
