"""The ledger: an append-only, hash-chained record of facts and verdicts.

- There is one writer at a time. Its lock is released when it dies, however it dies.
- An entry and its cursor are one transaction (`appender.py`).
- If a run is still RUNNING when the lock is free, it was killed. The next run marks it
  INTERRUPTED.
- Every body has pilot, environment, run, slot, evidence class, endpoint, contract digest and code
  version, because a later proof needs them.

The chain is in `chain.py`; what differs by database is in `sqlite.py` and `postgresql.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from connectors.secrets import Secret
from contracts.defaults import LATER, persisted_fields
from harness.ledger import postgresql, sqlite
from harness.ledger.appender import Appender
from harness.ledger.chain import GENESIS, Entry
from harness.ledger.heads import INTERRUPTED, RUNNING
from harness.ledger.nights import KINDS, night, of
from harness.ledger.snapshot import Snapshot, as_entry
from harness.ledger.tables import CHECKPOINTS, CURSORS, ENTRIES, NIGHTS, RUNS, STARTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """Who began a run, and where."""

    user: str
    """Of the operating system, as `alice (1000)`."""
    host: str
    launcher: str
    """As `command line` or `schedule nightly`."""
    replays: str | None = field(default=None, metadata=LATER)
    """The run whose facts are told again, for practice; None where sources are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What every entry of a run has in common."""

    pilot: str
    environment: str
    run: str
    slot: str
    code: str
    launch: Launch | None = field(default=None, metadata=LATER)
    configuration: str | None = field(default=None, metadata=LATER)
    """The digest of what the pilot is (`harness/pilot/configuration.py`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What else an entry records: the system that was read and the contract it was judged by."""

    source: str | None = None
    dataset: str | None = None
    endpoint: str | None = None
    contract: str | None = None
    evidence_class: str | None = None
    locator: str | None = field(default=None, metadata=LATER)
    """What was asked of the system, as `sales.orders`."""


NOWHERE = Origin()


# Built once: SQLAlchemy takes as long to build a statement as to execute it.
_CURSOR = CURSORS.insert()
_NO_CURSOR = CURSORS.delete().where(
    *(column == sa.bindparam(f"of_{column.name}") for column in CURSORS.primary_key.columns)
)


class Ledger:
    """An open ledger. `open_ledger` makes one and holds the writer's lock while it is open."""

    def __init__(self, engine: sa.Engine, place: Path | Secret) -> None:
        self._appender = Appender(engine, place)

    def together(self) -> AbstractContextManager[None]:
        """Whatever this thread writes in the block is one transaction."""
        return self._appender.together()

    def close(self) -> None:
        """End all writing; a later call raises RuntimeError."""
        self._appender.close()

    def begin(self, header: Header, body: Mapping[str, Any], *, at: datetime) -> tuple[str, ...]:
        """Open a run; returns the ids of killed runs, which it marks INTERRUPTED."""
        with self._appender.transaction() as connection:
            killed = self._interrupt_killed(connection, header, at)
            last = connection.execute(sa.select(sa.func.max(RUNS.c.number))).scalar()
            connection.execute(
                RUNS.insert().values(
                    number=(last or 0) + 1,
                    run_id=header.run,
                    pilot=header.pilot,
                    environment=header.environment,
                    slot=header.slot,
                    state=RUNNING,
                    head=GENESIS,
                )
            )
            self._appender.append(
                connection, header.run, STARTED, {**_fields(header), "at": at, **body}
            )
        return killed

    def _interrupt_killed(
        self, connection: sa.Connection, header: Header, at: datetime
    ) -> tuple[str, ...]:
        """Mark the runs that are RUNNING: the lock was free, so none of them lives."""
        running = sa.select(RUNS).where(RUNS.c.state == RUNNING).order_by(RUNS.c.number)
        killed = [
            Header(
                pilot=row.pilot,
                environment=row.environment,
                run=row.run_id,
                slot=row.slot,
                code=header.code,
                launch=header.launch,
            )
            for row in connection.execute(running)
        ]
        for gone in killed:
            noticed = {**_fields(gone), "at": at, "noticed_by": header.run}
            self._appender.append(connection, gone.run, "interrupted", noticed)
            self._close(connection, gone.run, INTERRUPTED)
        return tuple(gone.run for gone in killed)

    def append(  # noqa: PLR0913 - an entry has six parts
        self,
        header: Header,
        kind: str,
        body: object,
        *,
        at: datetime,
        origin: Origin = NOWHERE,
        cursor: str | None = None,
    ) -> int:
        """Write one entry, and the dataset's cursor with it; returns its seq."""
        complete = {**_fields(header), **persisted_fields(origin), "at": at, kind: body}
        with self._appender.transaction() as connection:
            seq = self._appender.append(connection, header.run, kind, complete)
            if cursor is not None:
                self._appender.write(connection)  # a cursor refers to its entry
                assert origin.source is not None
                assert origin.dataset is not None
                where = {
                    "pilot": header.pilot,
                    "environment": header.environment,
                    "source": origin.source,
                    "dataset": origin.dataset,
                }
                connection.execute(_NO_CURSOR, {f"of_{n}": v for n, v in where.items()})
                connection.execute(_CURSOR, {**where, "value": cursor, "seq": seq})
        return seq

    def end(self, header: Header, state: str, body: Mapping[str, Any], *, at: datetime) -> None:
        """Close a run as FINISHED or INTERRUPTED."""
        with self._appender.transaction() as connection:
            self._appender.append(
                connection, header.run, state.lower(), {**_fields(header), "at": at, **body}
            )
            self._close(connection, header.run, state)

    def _close(self, connection: sa.Connection, run: str, state: str) -> None:
        """Set a run's state, and add what later runs take up of it."""
        connection.execute(RUNS.update().where(RUNS.c.run_id == run).values(state=state))
        self._appender.write(connection)  # the policies of PostgreSQL ask for the new state
        number = connection.execute(sa.select(RUNS.c.number).where(RUNS.c.run_id == run)).scalar()
        query = (
            sa.select(ENTRIES)
            .where(ENTRIES.c.run_id == run, ENTRIES.c.kind.in_((STARTED, *KINDS)))
            .order_by(ENTRIES.c.seq)
        )
        started, *taken_up = [as_entry(*row) for row in connection.execute(query)]
        row = {"number": number, "body": night(of(started.body), taken_up)}
        connection.execute(NIGHTS.insert(), row)

    def add_nights(self, rows: Mapping[int, bytes]) -> None:
        """Add the rows of runs of an earlier release, by their numbers."""
        with self._appender.transaction() as connection:
            for number, body in rows.items():
                connection.execute(NIGHTS.insert(), {"number": number, "body": body})

    def keep_checkpoint(self, size: int, note: bytes) -> None:
        """Keep what was signed of the first `size` runs that ended."""
        with self._appender.transaction() as connection:
            connection.execute(CHECKPOINTS.insert(), {"size": size, "note": note})

    def writing(self) -> AbstractContextManager[sa.Connection]:
        """A transaction for rows that no run writes."""
        return self._appender.transaction()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """All tables as they are at one moment."""
        with self._appender.transaction() as connection:
            yield Snapshot(connection)

    def state(self, run: str) -> str | None:
        """RUNNING, FINISHED, INTERRUPTED, or None for an unknown run."""
        with self._appender.transaction() as connection:
            return connection.execute(sa.select(RUNS.c.state).where(RUNS.c.run_id == run)).scalar()

    def runs(self, *, pilot: str, environment: str) -> tuple[str, ...]:
        """The ids of a pilot's runs in one environment, newest first."""
        query = (
            sa.select(RUNS.c.run_id)
            .where(RUNS.c.pilot == pilot, RUNS.c.environment == environment)
            .order_by(RUNS.c.number.desc())
        )
        with self._appender.transaction() as connection:
            return tuple(connection.execute(query).scalars())

    def entries(self, *, run: str | None = None, kind: str | None = None) -> Iterator[Entry]:
        """Entries in order: all, or those of one run or kind."""
        query = sa.select(ENTRIES).order_by(ENTRIES.c.seq)
        if run is not None:
            query = query.where(ENTRIES.c.run_id == run)
        if kind is not None:
            query = query.where(ENTRIES.c.kind == kind)
        with self._appender.transaction() as connection:
            rows = connection.execute(query).all()
        yield from (as_entry(*row) for row in rows)


def _writer(place: Path | Secret) -> AbstractContextManager[sa.Engine]:
    """A new kind of ledger is one line here and one file."""
    match place:
        case Path():
            return sqlite.writer(place)
        case Secret():
            return postgresql.writer(place)


def _reader(place: Path | Secret) -> AbstractContextManager[sa.Engine]:
    match place:
        case Path():
            return sqlite.reader(place)
        case Secret():
            return postgresql.reader(place)


@contextmanager
def open_ledger(place: Path | Secret) -> Iterator[Ledger]:
    """Open the ledger in a SQLite file or at a PostgreSQL URL, or create it.

    Raises ConfigurationError if it cannot be written, before any source is read.
    """
    with _writer(place) as engine:
        ledger = Ledger(engine, place)
        try:
            yield ledger
        finally:
            ledger.close()


@contextmanager
def read_ledger(place: Path | Secret) -> Iterator[Ledger]:
    """Open an existing ledger to read it. Takes no lock, so it works beside a writer and never
    blocks one. Raises ConfigurationError if there is none.
    """
    with _reader(place) as engine:
        yield Ledger(engine, place)


def entries(place: Path | Secret) -> tuple[Entry, ...]:
    """All entries of an existing ledger, without a lock. Raises ConfigurationError if there is
    none.
    """
    with read_ledger(place) as ledger:
        return tuple(ledger.entries())


@lru_cache(maxsize=16)
def _fields(header: Header) -> Mapping[str, Any]:
    return persisted_fields(header)


def utc_now() -> datetime:
    """The wall clock, UTC."""
    return datetime.now(UTC)
