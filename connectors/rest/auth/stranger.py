"""A user and a password that exist nowhere: what a source is shown as a stranger's."""

from __future__ import annotations

import secrets
from typing import TypedDict

from connectors.secrets import Secret


class Named(TypedDict):
    """The fields that a log-in by name has."""

    user: str
    password: Secret


def stranger() -> Named:
    """Made by chance, anew each time, so that no real principal is ever tried."""
    return {
        "user": f"stranger-{secrets.token_hex(8)}",
        "password": Secret("a random password", secrets.token_urlsafe(24)),
    }
