"""The ledger: an append-only, hash-chained record of facts and verdicts.

    sha256 = SHA-256( RFC 8785 of {seq, run, kind, format, prev} ‖ LF ‖ body )

- One writer at a time, held by flock: the kernel frees it when the writer dies, however it dies.
- An entry and its cursor are one transaction; SQLite in WAL mode with synchronous FULL.
- A run that was running when nobody held the lock was killed: the next run marks it INTERRUPTED.
- Every body carries pilot, environment, run, slot, evidence class, endpoint, contract digest and
  code version: without them a later proof is impossible.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from harness.canonical import canonical
from harness.errors import ConfigurationError
from harness.ledger_schema import CURSORS, ENTRIES, METADATA, RUNS

FORMAT = 1
GENESIS = "0" * 64


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of the ledger."""

    seq: int
    run: str
    kind: str
    format: int
    body: bytes
    sha256: str
    prev: str


class Ledger:
    """An open ledger; `opened` makes one and holds the writer's lock as long as it is open."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._one_at_a_time = threading.Lock()
        self._open = True

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        """One thread at a time, and none after the end: a reader may outlive its run."""
        with self._one_at_a_time:
            if not self._open:
                raise RuntimeError("the ledger is closed")
            with self._engine.begin() as connection:
                yield connection

    def close(self) -> None:
        """Let nobody write any more."""
        with self._one_at_a_time:
            self._open = False
            self._engine.dispose()

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
                _append(connection, gone.run, "interrupted", noticed)
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
            _append(connection, header.run, "started", {**_flat(header), "at": at, **body})
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
            seq = _append(connection, header.run, kind, whole)
            if cursor is not None:
                assert origin.source is not None
                assert origin.dataset is not None
                where = {
                    "pilot": header.pilot,
                    "environment": header.environment,
                    "source": origin.source,
                    "dataset": origin.dataset,
                }
                connection.execute(CURSORS.delete().filter_by(**where))
                connection.execute(CURSORS.insert().values(**where, value=cursor, seq=seq))
        return seq

    def end(self, header: Header, state: str, body: Mapping[str, Any], *, at: datetime) -> None:
        """Close a run as FINISHED or INTERRUPTED."""
        with self._transaction() as connection:
            _append(connection, header.run, state.lower(), {**_flat(header), "at": at, **body})
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


def breaks(entries: Iterator[Entry]) -> Iterator[str]:
    """Every place where the chain of all entries does not hold; none for a whole ledger."""
    prev = GENESIS
    for expected, entry in enumerate(entries, start=1):
        if entry.seq != expected:
            yield f"entry {expected} is missing: {entry.seq} follows"
            return
        if entry.prev != prev:
            yield f"entry {entry.seq} does not follow the one before it"
        if entry.sha256 != _digest(entry):
            yield f"entry {entry.seq} was changed"
        prev = entry.sha256


@contextmanager
def opened(path: Path) -> Iterator[Ledger]:
    """Open or make the ledger at `path`; raises ConfigurationError before any source is read."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            raise ConfigurationError(f"ledger {path} is a link: name the file itself")
        descriptor = os.open(
            path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        path.touch(mode=0o600)
    except OSError as error:
        raise ConfigurationError(f"ledger {path} cannot be written: {error.strerror}") from error
    try:
        _lock(descriptor, path)
        engine = sa.create_engine(
            f"sqlite:///{path}",
            hide_parameters=True,
            poolclass=sa.StaticPool,
            connect_args={"timeout": 30, "check_same_thread": False},
        )
        try:
            with engine.begin() as connection:
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
                connection.exec_driver_sql("PRAGMA synchronous=FULL")
                connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            METADATA.create_all(engine)
        except sa.exc.DatabaseError as error:
            raise ConfigurationError(
                f"ledger {path} is no ledger of ours: move it away or name another --out"
            ) from error
        ledger = Ledger(engine)
        try:
            yield ledger
        finally:
            ledger.close()
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise ConfigurationError(
            f"another run is writing {path}: wait until it ends, or give another --out"
        ) from error


def _append(connection: sa.Connection, run: str, kind: str, body: object) -> int:
    """Chain and write one entry, and make it its run's head."""
    last = connection.execute(
        sa.select(ENTRIES.c.seq, ENTRIES.c.sha256).order_by(ENTRIES.c.seq.desc()).limit(1)
    ).first()
    seq, prev = (last.seq + 1, last.sha256) if last else (1, GENESIS)
    content = canonical(body)
    entry = Entry(seq=seq, run=run, kind=kind, format=FORMAT, body=content, sha256="", prev=prev)
    sha256 = _digest(entry)
    connection.execute(
        ENTRIES.insert().values(
            seq=seq, run_id=run, kind=kind, format=FORMAT, body=content, sha256=sha256, prev=prev
        )
    )
    connection.execute(RUNS.update().where(RUNS.c.run_id == run).values(head=sha256))
    return seq


def _set_state(connection: sa.Connection, run: str, state: str) -> None:
    connection.execute(RUNS.update().where(RUNS.c.run_id == run).values(state=state))


def _digest(entry: Entry) -> str:
    head = {name: getattr(entry, name) for name in ("seq", "run", "kind", "format", "prev")}
    return hashlib.sha256(canonical(head) + b"\n" + entry.body).hexdigest()


def _flat(record: Header | Origin) -> dict[str, str | None]:
    return {name: getattr(record, name) for name in record.__slots__}


def utc_now() -> datetime:
    """The wall clock, UTC."""
    return datetime.now(UTC)
