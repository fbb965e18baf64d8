"""A ledger in a SQLite file, locked by flock."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import sqlalchemy as sa

from harness import folders
from harness.errors import ConfigurationError
from harness.ledger import lock
from harness.ledger.remedies import DAMAGED, FOREIGN, remedy, remedy_of_file
from harness.ledger.tables import ANY_ENTRY, METADATA, create_tables
from harness.say import complain

_BESIDE = ("-journal", "-wal", "-shm")
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
_TOLD_SECONDS = 2.0
"""How long another program may hold the file before we say that we wait for it."""
_PATIENCE_SECONDS = 28.0
"""How long it may then still hold it before the run ends."""


@contextmanager
def writer(path: Path) -> Iterator[sa.Engine]:
    """An engine that writes to the ledger in `path`, the only one. Creates the file if missing.

    Raises ConfigurationError if another run writes it, if it is no ledger, or not ours alone.
    """
    name = f"ledger {path}"
    with lock.hold(path.with_suffix(".lock"), what=name):
        try:
            folders.take_file(path, cure=lock.CURE)
            _require_own_beside(path)
        except OSError as error:
            raise ConfigurationError(f"{name}: {remedy_of_file(error)}") from error
        engine = _engine(path)
        try:
            try:
                with engine.begin() as connection:
                    create_tables(connection, str(path))
            except sa.exc.DBAPIError as error:
                raise ConfigurationError(f"{name}: {remedy(error, path)}") from error
            except UnicodeDecodeError as error:  # the driver's, of what SQLite quotes in its error
                raise ConfigurationError(f"{name}: {DAMAGED}") from error
            yield engine
        finally:
            engine.dispose()


@contextmanager
def reader(path: Path) -> Iterator[sa.Engine]:
    """An engine that reads the ledger in `path`, without a lock. It creates nothing there.

    An archive, where SQLite may write nothing beside the file, is read from a copy of ours. Raises
    ConfigurationError if there is no ledger.
    """
    name = f"ledger {path}"
    try:
        folders.require_safe_file(path, cure=lock.CURE)
        _require_safe_beside(path)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ConfigurationError(
            f"there is no ledger {path}: prove first, or name its --out"
        ) from error
    except OSError as error:
        raise ConfigurationError(f"{name}: {remedy_of_file(error)}") from error
    with _readable(path, name) as engine:
        yield engine


@contextmanager
def _readable(path: Path, name: str) -> Iterator[sa.Engine]:
    """An engine that reads the file where it is or, if SQLite cannot, a copy of it."""
    engine = _reading(path)
    with ExitStack() as at_the_end:
        try:
            if not _opens(engine):
                folder = at_the_end.enter_context(tempfile.TemporaryDirectory(prefix="seatrial-"))
                engine = _reading(_copy(path, Path(folder)))
                _opens(engine)
        except sa.exc.DBAPIError as error:
            says = FOREIGN if _code(error) == "SQLITE_ERROR" else remedy(error, path)
            raise ConfigurationError(f"{name}: {says}") from error
        except UnicodeDecodeError as error:  # the driver's, of what SQLite quotes in its error
            raise ConfigurationError(f"{name}: {DAMAGED}") from error
        except OSError as error:
            raise ConfigurationError(
                f"{name} cannot be read: {error.strerror} ({error.filename}): an archive is read "
                "from a copy in the temporary folder, so chmod it, or make room there"
            ) from error
        yield engine


def _opens(engine: sa.Engine) -> bool:
    """Whether the ledger can be read where it is; False where SQLite would have to write."""
    try:
        with engine.connect() as connection:
            connection.execute(ANY_ENTRY)
    except sa.exc.DBAPIError as error:
        if not _code(error).startswith(("SQLITE_CANTOPEN", "SQLITE_READONLY")):
            raise
        return False
    return True


def _code(error: sqlite3.Error | sa.exc.DBAPIError) -> str:
    own = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    return str(getattr(own, "sqlite_errorname", ""))


def _copy(path: Path, folder: Path) -> Path:
    """A copy of the ledger, with what was written last and stands beside it."""
    for suffix in ("", "-wal"):
        beside = path.with_name(path.name + suffix)
        if not suffix or beside.exists():
            shutil.copyfile(beside, folder / beside.name)
    return folder / path.name


def _reading(path: Path) -> sa.Engine:
    engine = sa.create_engine(
        sa.URL.create(
            "sqlite", database=path.resolve().as_uri(), query={"mode": "ro", "uri": "true"}
        ),
        hide_parameters=True,
        poolclass=sa.NullPool,
        connect_args={"isolation_level": None},
    )
    # A transaction sees one moment: what a run writes meanwhile is held against nothing older.
    sa.event.listen(engine, "begin", lambda it: it.exec_driver_sql("BEGIN"))
    return engine


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    """Raise ConfigurationError for the file of another program, before anything in it changes."""
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    tables = {name for (name,) in found}
    if tables and not tables & METADATA.tables.keys():
        raise ConfigurationError(f"ledger {path}: {FOREIGN}")


def _require_own_beside(path: Path) -> None:
    """What SQLite keeps beside its file is as much of the ledger: rows are read from it."""
    for beside in _beside(path):
        folders.require_own_file(beside, cure=lock.CURE)


def _require_safe_beside(path: Path) -> None:
    for beside in _beside(path):
        folders.require_safe_file(beside, cure=lock.CURE)


def _beside(path: Path) -> list[Path]:
    named = (path.with_name(path.name + suffix) for suffix in _BESIDE)
    return [beside for beside in named if os.path.lexists(beside)]


def _engine(path: Path) -> sa.Engine:
    engine = sa.create_engine(
        f"sqlite:///{path}",
        hide_parameters=True,
        poolclass=sa.StaticPool,
        connect_args={
            "check_same_thread": False,
            "isolation_level": None,
        },
    )

    def durable(connection: sqlite3.Connection, _record: object) -> None:
        _wait(connection.execute, "SELECT 1 FROM sqlite_master", path)
        _refuse_foreign(connection, path)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    sa.event.listen(engine, "connect", durable)
    # Python's driver begins no transaction for CREATE TABLE: a kill there would leave half a
    # ledger.
    begin = "BEGIN IMMEDIATE"
    sa.event.listen(engine, "begin", lambda it: _wait(it.exec_driver_sql, begin, path))
    return engine


def _wait(execute: Callable[[str], object], statement: str, path: Path) -> None:
    """Execute the statement that first needs the file. If another program holds it, say so and
    wait.
    """
    execute(f"PRAGMA busy_timeout = {_TOLD_SECONDS * 1_000:.0f}")
    try:
        execute(statement)
    except (sqlite3.OperationalError, sa.exc.DBAPIError) as error:
        if not _code(error).startswith("SQLITE_BUSY"):
            raise
        waits = f"waiting up to {_PATIENCE_SECONDS:.0f} s until it is closed there"
        complain(f"  ledger {path}: another program holds it: {waits}")
        execute(f"PRAGMA busy_timeout = {_PATIENCE_SECONDS * 1_000:.0f}")
        execute(statement)
