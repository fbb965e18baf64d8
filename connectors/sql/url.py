"""The URL of a database: the only place for address, user and the server's proof of identity.

Error messages never repeat a wrong URL, because the wrong part may be a password.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from connectors.http.origin import LOOPBACK

POSTGRESQL = "postgresql"
_WRITE_IT = "write it as postgresql+psycopg://user@host:port/database"
_PROVEN_SERVER = "verify-full"
_ENCRYPTED = ("require", "verify-ca", _PROVEN_SERVER)
_ALL_MODES = ("disable", "allow", "prefer", *_ENCRYPTED)
SSLMODE = "sslmode"
_ROOT = "sslrootcert"


def database_url(text: str) -> URL:
    """The parsed URL. Raises ValueError for a URL that is malformed, ambiguous or insecure."""
    try:
        url = sa.make_url(text)
        url.get_dialect().import_dbapi()
    except (ArgumentError, ValueError):
        raise ValueError(f"the database URL is none: {_WRITE_IT}") from None
    except ImportError:
        raise ValueError(f"the database URL's driver is not installed: {_WRITE_IT}") from None
    if url.password is not None or "password" in url.query:
        raise ValueError("the database URL holds a password: hand it over by reference")
    if url.get_backend_name() == POSTGRESQL:
        _check_postgresql(url)
    elif url.query:
        raise ValueError("the database URL takes no ?parameters: leave them out")
    return url


def default_mode(url: URL) -> str:
    """The `sslmode` of a URL without one: beyond this machine the server must prove its name."""
    return "prefer" if _is_loopback(url) else _PROVEN_SERVER


def _check_postgresql(url: URL) -> None:
    if url.get_driver_name() != "psycopg" or "," in (url.host or ""):
        raise ValueError(f"the database URL names another driver or many hosts: {_WRITE_IT}")
    if set(url.query) - {SSLMODE, _ROOT} or not all(
        isinstance(v, str) for v in url.query.values()
    ):
        raise ValueError(
            f"the database URL takes no ?parameters but one {SSLMODE} and one {_ROOT}: "
            "leave the others out"
        )
    if url.query.get(SSLMODE, default_mode(url)) not in (
        _ALL_MODES if _is_loopback(url) else _ENCRYPTED
    ):
        raise ValueError(
            f"the database URL's {SSLMODE} would show what is read to the network: "
            f"leave it out, or write one of {', '.join(_ENCRYPTED)}"
        )


def _is_loopback(url: URL) -> bool:
    return url.host is None or url.host in LOOPBACK
