"""The ways in which we log in to PostgreSQL, and its drivers alone, as a control."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import psycopg
import psycopg2
import pytest
import sqlalchemy as sa

from connectors.errors import SourceError
from connectors.secrets import Secret
from connectors.sql.connector import Sql
from harness.dagster import storage
from harness.errors import ConfigurationError
from harness.ledger.ledger import open_ledger

PASSWORD = "canary-77ac"
ELSEWHERE = "127.0.0.2"
BEYOND = "0.0.0.0"
"""No loopback address, and leads to one."""
REFUSED = (ConfigurationError, SourceError, ValueError, sa.exc.DBAPIError)


def source(url: str, password: str | None) -> None:
    secret = None if password is None else Secret("env:CRM_PASSWORD", password)
    Sql(url=f"postgresql+psycopg://reader@{url}", password=secret, tables={}).log_in(
        emit=lambda _: None
    )


def ledger(url: str, password: str | None, *, user: str = "reader") -> None:
    with open_ledger(place(url, password, user)):
        pass


def lock(url: str, password: str | None, *, user: str = "reader") -> None:
    storage.lock_storage(place(url, password, user)).session.dispose()


def dagster(url: str, password: str | None, *, user: str = "reader") -> None:
    sa.create_engine(storage.url(place(url, password, user), "public")).connect().close()


def place(url: str, password: str | None, user: str = "reader") -> Secret:
    who = user if password is None else f"{user}:{password}"
    return Secret("env:PLACE", f"postgresql://{who}@{url}")


DOORS = {"source": source, "ledger": ledger, "lock": lock, "dagster": dagster}
DRIVERS = {
    "psycopg": lambda dsn: psycopg.connect(dsn).close(),
    "psycopg2": lambda dsn: psycopg2.connect(dsn).close(),
}
Door = Callable[..., None]
attempt = pytest.mark.attempt(2)
each_door = pytest.mark.parametrize("enter", DOORS.values(), ids=DOORS.keys())
each_driver = pytest.mark.parametrize("connect", DRIVERS.values(), ids=DRIVERS.keys())


def refused(enter: Door, url: str, password: str | None = PASSWORD) -> str:
    with pytest.raises(REFUSED) as caught:
        enter(url, password)
    assert PASSWORD not in str(caught.value)
    return str(caught.value)


def plain(connect: Callable[[str], None], url: str, password: str | None = PASSWORD) -> None:
    """Without our door."""
    with suppress(psycopg.OperationalError, psycopg2.OperationalError):
        connect(place(url, password).reveal())
