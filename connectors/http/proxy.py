"""The proxy that a pilot names for a source. Proxies of the environment are never used.

    we ─▶ proxy: CONNECT host:port, our name there ─▶ source: TLS from end to end

The proxy learns the name of the host and nothing else (RFC 9110 9.3.6): neither credentials nor
data. The source learns nothing of the proxy.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from connectors.errors import AccessDenied, SourceError, SourceUnavailable
from connectors.http.origin import origin
from connectors.secrets import Secret

_REFUSALS = {
    407: "check its user and password",
    403: "it does not let us through to there",
    405: "it does not let us through to there",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """An HTTP proxy, and who we are there.

    >>> Proxy(url="https://proxy.example:3128", user="clerk", password=at.secret("password")).place
    'proxy proxy.example:3128'
    """

    url: str
    """`http://host:port`, or `https://host:port` with a certificate that this machine trusts."""
    user: str | None = None
    password: Secret | None = None
    """Leaves this machine only for an `https://` proxy."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https"):
            raise ValueError("a proxy is http://host:port or https://host:port")
        if (self.user is None) != (self.password is None):
            raise ValueError("a proxy takes a user and a password, or neither")
        # Without a password nothing is secret on the way to a proxy: what passes is encrypted.
        origin(self.url if self.password else f"https://{parts.netloc}")
        if any(parts[2:]):
            raise ValueError("a proxy is an address without a path: write http://host:port")

    @property
    def place(self) -> str:
        """`proxy host:port`, for messages."""
        return f"proxy {self.address}"

    @property
    def address(self) -> str:
        """`host:port`."""
        return origin(f"https://{urlsplit(self.url).netloc}").partition("://")[2]

    @property
    def login(self) -> tuple[str, str] | None:
        """User and password, for the one call that sends them."""
        if self.user is None or self.password is None:
            return None
        return self.user, self.password.reveal()

    def failure(self, what: str, status: int | None) -> SourceError:
        """The error for a request that was not passed on; `status` is the answer, if any."""
        if status is None:
            return SourceUnavailable(f"{what}: no connection to {self.place}: check that it runs")
        told = f"{what}: {self.place} answered {status}"
        if status in _REFUSALS:
            return AccessDenied(f"{told}: {_REFUSALS[status]}")
        return SourceUnavailable(f"{told}: it found no way there, try later")


def require_tunnel(address: str, proxy: Proxy | None) -> None:
    """ValueError for plain http through a proxy: the proxy could read it."""
    if proxy is not None and urlsplit(address).scheme != "https":
        raise ValueError("a proxy would read along what is sent by plain http: use https")
