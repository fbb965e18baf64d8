"""Whether a connection failed because nobody knows the host by its name."""

from __future__ import annotations

import socket

_UNKNOWN = frozenset(
    getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA") if hasattr(socket, name)
)
"""A resolver that does not answer (EAI_AGAIN) may know the name later."""


def names_no_host(error: BaseException) -> bool:
    """Whether the name service says that there is no such host, or nothing can have such a name.
    It will say so again: no request to it is worth another try.
    """
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, UnicodeError):  # a label that is empty or longer than RFC 1035 allows
            return True
        if isinstance(cause, socket.gaierror):
            return cause.errno in _UNKNOWN
        cause = cause.__cause__ or cause.__context__
    return False
