"""A ledger in a SQLite file, held by flock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from harness.errors import ConfigurationError
from harness.ledger import lock
from harness.ledger.tables import ANY_ENTRY, make

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


@contextmanager
def writer(path: Path) -> Iterator[sa.Engine]:
    """The only way to write to the ledger in `path`, which is made if need be."""
    name = f"ledger {path}"
    if path.is_symlink():
        raise ConfigurationError(f"{name} is a link: name the file itself")
    with lock.held(path.with_suffix(".lock"), what=name):
        try:
            path.touch(mode=0o600)
        except OSError as error:
            raise ConfigurationError(f"{name} cannot be written: {error.strerror}") from error
        engine = _engine(path)
        try:
            try:
                with engine.begin() as connection:
                    make(connection, str(path))
            except sa.exc.DatabaseError as error:
                raise ConfigurationError(
                    f"{name} is no ledger of ours: move it away or name another --out"
                ) from error
            yield engine
        finally:
            engine.dispose()


@contextmanager
def reader(path: Path) -> Iterator[sa.Engine]:
    """Reads the ledger in `path`, beside its writer and without a lock; makes nothing."""
    if not path.is_file():
        raise ConfigurationError(f"there is no ledger {path}: prove first, or name its --out")
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
    # Python's driver begins none for CREATE TABLE: killed there, we would leave half a ledger.
    sa.event.listen(engine, "begin", lambda it: it.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine
