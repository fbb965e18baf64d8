"""The ledger: an append-only, hash-chained record of facts and verdicts (see `chain.py`).

- One writer at a time, by a lock that is let go when the writer dies, however it dies.
- An entry and its cursor are one transaction, on disk before it is acknowledged.
- After the first failure of its database nothing more is written: what was not acknowledged may
  still be there, and only who reads the ledger again knows.
- A run that was running when nobody held the lock was killed: the next run marks it INTERRUPTED.
- Every body carries pilot, environment, run, slot, evidence class, endpoint, contract digest and
  code version: without them a later proof is impossible.

What differs by database stands in `sqlite.py` and `postgresql.py`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from connectors.secrets import Secret
from connectors.sql.sqlstate import UNKNOWN, sqlstate
from harness.errors import LedgerLost
from harness.ledger import postgresql, sqlite
from harness.ledger.chain import GENESIS, Entry, link
from harness.ledger.tables import CURSORS, ENTRIES, RUNS


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What every entry of a run says about where it comes from."""

    pilot: str
    environment: str
    run: str
    slot: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What an entry says beyond its run: the system read and the contract held against it."""

    source: str | None = None
    dataset: str | None = None
    endpoint: str | None = None
    contract: str | None = None
    evidence_class: str | None = None


NOWHERE = Origin()


# Built once: SQLAlchemy takes as long to build a statement as to execute it.
_LAST = sa.select(ENTRIES.c.seq, ENTRIES.c.sha256).order_by(ENTRIES.c.seq.desc()).limit(1)
_INSERT = ENTRIES.insert()
_HEAD = RUNS.update().where(RUNS.c.run_id == sa.bindparam("of")).values(head=sa.bindparam("now"))
_CURSOR = CURSORS.insert()
_NO_CURSOR = CURSORS.delete().where(
    *(column == sa.bindparam(f"of_{column.name}") for column in CURSORS.primary_key.columns)
)


class Ledger:
    """An open ledger; `opened` makes one and holds the writer's lock as long as it is open."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._one_at_a_time = threading.RLock()
        self._joined: sa.Connection | None = None
        """The transaction that a block of `together` has open; only its thread comes by here."""
        self._ended: Exception | None = None
        self._last: tuple[int, str] | None = None
        """Seq and digest of the last entry, once it was asked for: nobody else writes."""
        self._unwritten: list[dict[str, Any]] = []
        """Entries of the open transaction, in order: written at its end, all at once."""

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        """One thread at a time, and none after the end: a reader may outlive its run."""
        with self._one_at_a_time:
            if self._ended is not None:
                raise self._ended
            if self._joined is not None:
                yield self._joined
                return
            try:
                with self._engine.begin() as connection:
                    yield connection
                    self._write(connection)
            except sa.exc.DBAPIError as error:
                self._ended = LedgerLost(
                    f"the ledger's database failed ({_code(error)}): nothing more is written, "
                    "what stands there is whole; mend it and run again"
                )
                raise self._ended from error
            except BaseException:
                self._last, self._unwritten = None, []  # what was appended is rolled back
                raise

    @contextmanager
    def together(self) -> Iterator[None]:
        """What this thread writes in the block is one transaction: all of it is there, or none."""
        with self._transaction() as connection:
            self._joined = connection
            try:
                yield
            finally:
                self._joined = None

    def _append(self, connection: sa.Connection, run: str, kind: str, body: object) -> int:
        """Chain one entry; it is written with its transaction."""
        if self._last is None and (last := connection.execute(_LAST).first()) is not None:
            self._last = (last.seq, last.sha256)
        entry = link(self._last, run=run, kind=kind, body=body)
        row = {name: getattr(entry, name) for name in entry.__slots__ if name != "run"}
        self._unwritten.append({**row, "run_id": run})
        self._last = (entry.seq, entry.sha256)
        return entry.seq

    def _write(self, connection: sa.Connection) -> None:
        """Write what was chained; the last entry of a run is its head."""
        if self._unwritten:
            heads = {row["run_id"]: row["sha256"] for row in self._unwritten}
            connection.execute(_INSERT, self._unwritten)
            connection.execute(_HEAD, [{"of": run, "now": head} for run, head in heads.items()])
            self._unwritten = []

    def close(self) -> None:
        """Let nobody write any more."""
        with self._one_at_a_time:
            self._ended = RuntimeError("the ledger is closed")

    def begin(self, header: Header, body: Mapping[str, Any], *, at: datetime) -> tuple[str, ...]:
        """Open a run; gives the ids of the runs it found killed and marked INTERRUPTED."""
        with self._transaction() as connection:
            running = sa.select(RUNS).where(RUNS.c.state == "RUNNING").order_by(RUNS.c.number)
            killed = [
                Header(
                    pilot=row.pilot,
                    environment=row.environment,
                    run=row.run_id,
                    slot=row.slot,
                    code=header.code,
                )
                for row in connection.execute(running)
            ]
            for gone in killed:
                noticed = {**_flat(gone), "at": at, "noticed_by": header.run}
                self._append(connection, gone.run, "interrupted", noticed)
                _set_state(connection, gone.run, "INTERRUPTED")
            last = connection.execute(sa.select(sa.func.max(RUNS.c.number))).scalar()
            connection.execute(
                RUNS.insert().values(
                    number=(last or 0) + 1,
                    run_id=header.run,
                    pilot=header.pilot,
                    environment=header.environment,
                    slot=header.slot,
                    state="RUNNING",
                    head=GENESIS,
                )
            )
            self._append(connection, header.run, "started", {**_flat(header), "at": at, **body})
        return tuple(gone.run for gone in killed)

    def append(  # noqa: PLR0913 - the six things that an entry is
        self,
        header: Header,
        kind: str,
        body: object,
        *,
        at: datetime,
        origin: Origin = NOWHERE,
        cursor: str | None = None,
    ) -> int:
        """Write one entry, and the dataset's cursor with it; gives its seq."""
        whole = {**_flat(header), **_flat(origin), "at": at, kind: body}
        with self._transaction() as connection:
            seq = self._append(connection, header.run, kind, whole)
            if cursor is not None:
                self._write(connection)  # a cursor refers to its entry
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
        with self._transaction() as connection:
            self._append(
                connection, header.run, state.lower(), {**_flat(header), "at": at, **body}
            )
            _set_state(connection, header.run, state)

    def state(self, run: str) -> str | None:
        """RUNNING, FINISHED, INTERRUPTED, or None for a run that is not here."""
        with self._transaction() as connection:
            return connection.execute(sa.select(RUNS.c.state).where(RUNS.c.run_id == run)).scalar()

    def entries(self, *, run: str | None = None, kind: str | None = None) -> Iterator[Entry]:
        """Entries in order, of one run or kind or all."""
        query = sa.select(ENTRIES).order_by(ENTRIES.c.seq)
        if run is not None:
            query = query.where(ENTRIES.c.run_id == run)
        if kind is not None:
            query = query.where(ENTRIES.c.kind == kind)
        with self._transaction() as connection:
            rows = connection.execute(query).all()
        for seq, of_run, of_kind, form, body, sha256, prev in rows:
            yield Entry(
                seq=seq,
                run=of_run,
                kind=of_kind,
                format=form,
                # SQLite would keep text where somebody wrote it over bytes: the chain will tell.
                body=body if isinstance(body, bytes) else str(body).encode(),
                sha256=sha256,
                prev=prev,
            )


def _writer(place: Path | Secret) -> AbstractContextManager[sa.Engine]:
    """A new kind of ledger is a line here and a file of its own."""
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
def opened(place: Path | Secret) -> Iterator[Ledger]:
    """Open or make the ledger in a SQLite file or at a PostgreSQL URL.

    Raises ConfigurationError before any source is read.
    """
    with _writer(place) as engine:
        ledger = Ledger(engine)
        try:
            yield ledger
        finally:
            ledger.close()


def entries(place: Path | Secret) -> tuple[Entry, ...]:
    """All entries of a ledger that is there, also while somebody writes it: its lock is not asked
    for, so no run is turned away because somebody reads.
    """
    with _reader(place) as engine:
        return tuple(Ledger(engine).entries())


def _set_state(connection: sa.Connection, run: str, state: str) -> None:
    connection.execute(RUNS.update().where(RUNS.c.run_id == run).values(state=state))


def _flat(record: Header | Origin) -> dict[str, str | None]:
    return {name: getattr(record, name) for name in record.__slots__}


def _code(error: sa.exc.DBAPIError) -> str:
    code = getattr(error.orig, "sqlite_errorname", None) or sqlstate(error)
    return "no answer" if code == UNKNOWN else code


def utc_now() -> datetime:
    """The wall clock, UTC."""
    return datetime.now(UTC)
