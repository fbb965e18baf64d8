"""Origins (RFC 6454): credentials are sent to one of them and to no other; pure."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from connectors.errors import SourceChanged

_PORTS = {"https": 443, "http": 80}
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def origin(url: str) -> str:
    """`scheme://host:port` of `url`; ValueError unless credentials may be sent there: no other
    scheme, no user information, no plain http beyond this machine.
    """
    parts = urlsplit(url)
    host, port = parts.hostname, parts.port or _PORTS.get(parts.scheme)
    if not host or parts.scheme not in _PORTS:
        raise ValueError("an address begins with https:// and a host")
    if "@" in parts.netloc:
        raise ValueError("an address holds no user and no password")
    if parts.scheme == "http" and host not in LOOPBACK:
        raise ValueError(f"http://{host} would show the credentials to the network: use https")
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def follow(url: str, reference: str, *, what: str | None = None) -> str:
    """The address that `reference`, found at `url`, leads to: of the same origin, or
    SourceChanged. Nothing is sent to another. `what` names `url` where its path is not to be told.
    """
    try:
        target = urljoin(url, reference)
        if origin(target) == origin(url):
            return target
    except ValueError:
        pass  # no address that we would send to
    raise SourceChanged(
        f"{what or place(url)} links to another origin: it was not followed: write in base_url "
        "the origin that its links name: http or https, host and port"
    )


def place(url: str) -> str:
    """`host:port/path`, for messages: without the query, which may hold values."""
    return f"{origin(url).partition('://')[2]}{urlsplit(url).path}"
