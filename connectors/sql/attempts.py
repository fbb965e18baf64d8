"""The attempts of one log-in: one for each address and mode, until a server has answered."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Any

from connectors.sql import libpq


def is_answer(words: str) -> bool:
    """Whether a server said it, and would say it again. One without a rule for us looked at no
    password, and may have a rule for TLS, or for none.
    """
    return "FATAL" in words and "no pg_hba.conf entry" not in words


def attempts(settings: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The settings for each address of the host, and for each `sslmode` that one stands for."""
    host = str(settings.get("host", ""))
    if not host or "," in host or host.startswith(("/", "@")):
        return [settings]
    try:
        port = settings.get("port", 5432)
        found = socket.getaddrinfo(host, port, proto=socket.IPPROTO_TCP, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return [settings]  # the driver says so
    mode = settings[libpq.SSLMODE]
    return [
        {**settings, "hostaddr": address[0], libpq.SSLMODE: each}
        for *_, address in found
        for each in libpq.STANDS_FOR.get(mode, (mode,))
    ]
