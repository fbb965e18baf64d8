"""A host that nobody knows by its name: it is not asked for again, and the setting is named."""

from __future__ import annotations

import socket

from connectors.errors import SourceError

_UNKNOWN = frozenset(
    getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA") if hasattr(socket, name)
)
"""A resolver that does not answer (EAI_AGAIN) may know the name later."""


def is_unknown(error: BaseException | None) -> bool:
    """Whether the system says that there is no host of the name, or that nothing can have it."""
    while error is not None:
        if isinstance(error, UnicodeError):  # a label that is empty or too long (RFC 1035 2.3.4)
            return True
        if isinstance(error, socket.gaierror):
            return error.errno in _UNKNOWN
        error = error.__cause__ or error.__context__
    return False


def find_out(host: str) -> bool:
    """The same for libraries that only say that they did not find it."""
    try:
        socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        return is_unknown(error)
    return False


def unknown_host(what: str, *, host: str, setting: str) -> SourceError:
    """The error that is not retried. `setting` is what a pilot calls it: `endpoint of S3(…)`."""
    return SourceError(
        f"{what}: no host is called {host}: correct {setting} (pilot.yaml), or let this machine "
        "know the name"
    )
