"""A ledger in a SQLite file, locked by flock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from harness import folders
from harness.errors import ConfigurationError
from harness.ledger import lock
from harness.ledger.tables import ANY_ENTRY, create_tables

_BESIDE = ("-journal", "-wal", "-shm")
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


@contextmanager
def writer(path: Path) -> Iterator[sa.Engine]:
    """An engine that writes to the ledger in `path`, the only one. Creates the file if missing.

    Raises ConfigurationError if another run writes it, if it is no ledger, or not ours alone.
    """
    name = f"ledger {path}"
    with lock.hold(path.with_suffix(".lock"), what=name):
        try:
            folders.take_file(path)
            _require_own_beside(path)
        except OSError as error:
            raise ConfigurationError(f"{name} cannot be written: {error.strerror}") from error
        engine = _engine(path)
        try:
            try:
                with engine.begin() as connection:
                    create_tables(connection, str(path))
            except sa.exc.DatabaseError as error:
                raise ConfigurationError(
                    f"{name} is no ledger of ours: move it away or name another --out"
                ) from error
            yield engine
        finally:
            engine.dispose()


@contextmanager
def reader(path: Path) -> Iterator[sa.Engine]:
    """An engine that reads the ledger in `path`, without a lock. It creates nothing.

    Raises ConfigurationError if there is no ledger.
    """
    try:
        folders.require_own_file(path)
        _require_own_beside(path)
    except OSError as error:
        raise ConfigurationError(
            f"there is no ledger {path}: prove first, or name its --out"
        ) from error
    engine = sa.create_engine(
        sa.URL.create(
            "sqlite", database=path.resolve().as_uri(), query={"mode": "ro", "uri": "true"}
        ),
        hide_parameters=True,
        poolclass=sa.NullPool,
    )
    try:
        with engine.connect() as connection:
            connection.execute(ANY_ENTRY)
    except sa.exc.DatabaseError as error:
        raise ConfigurationError(
            f"ledger {path} is no ledger of ours, or may not be read: name its --out"
        ) from error
    yield engine


def _require_own_beside(path: Path) -> None:
    """What SQLite keeps beside its file is as much of the ledger: rows are read from it."""
    for suffix in _BESIDE:
        beside = path.with_name(path.name + suffix)
        if os.path.lexists(beside):
            folders.require_own_file(beside)


def _engine(path: Path) -> sa.Engine:
    engine = sa.create_engine(
        f"sqlite:///{path}",
        hide_parameters=True,
        poolclass=sa.StaticPool,
        connect_args={"timeout": 30, "check_same_thread": False, "isolation_level": None},
    )

    def durable(connection: Any, _record: object) -> None:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    sa.event.listen(engine, "connect", durable)
    # Python's driver begins no transaction for CREATE TABLE: a kill there would leave half a
    # ledger.
    sa.event.listen(engine, "begin", lambda it: it.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine
