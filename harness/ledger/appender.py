"""Appends chained entries to a ledger's database, one transaction at a time.

- An entry is on disk before it is acknowledged.
- After the first failure of the database it writes nothing more. Whether an unacknowledged entry
  was written shows only when the ledger is read again.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from connectors.secrets import Secret
from harness.errors import LedgerLost
from harness.ledger.chain import link
from harness.ledger.remedies import DAMAGED, remedy
from harness.ledger.tables import ENTRIES, RUNS

# Built once: SQLAlchemy takes as long to build a statement as to execute it.
_LAST = sa.select(ENTRIES.c.seq, ENTRIES.c.sha256).order_by(ENTRIES.c.seq.desc()).limit(1)
_INSERT = ENTRIES.insert()
_HEAD = RUNS.update().where(RUNS.c.run_id == sa.bindparam("of")).values(head=sa.bindparam("now"))


class Appender:
    """Chains entries and writes them at the end of their transaction. Threads may share it."""

    def __init__(self, engine: sa.Engine, place: Path | Secret) -> None:
        self._engine = engine
        self._file = place if isinstance(place, Path) else None
        self._name = place if isinstance(place, Path) else place.reference
        self._lock = threading.RLock()
        self._joined: sa.Connection | None = None
        """The open transaction of a `together` block; only its thread holds the lock."""
        self._ended: Exception | None = None
        self._last: tuple[int, str] | None = None
        """Seq and digest of the last entry, once queried; there is no other writer."""
        self._unwritten: list[dict[str, Any]] = []
        """Entries of the open transaction, in order."""

    @contextmanager
    def transaction(self) -> Iterator[sa.Connection]:
        """A transaction for one thread at a time; entries are written at its end.

        Raises LedgerLost if the database fails, then and in every later call; RuntimeError after
        `close`, because a reading thread may outlive its run.
        """
        with self._lock:
            if self._ended is not None:
                raise self._ended
            if self._joined is not None:
                yield self._joined
                return
            try:
                with self._engine.begin() as connection:
                    yield connection
                    self.write(connection)
            except sa.exc.DBAPIError as error:
                self._ended = LedgerLost(
                    f"ledger {self._name}: {remedy(error, self._file)}; nothing more is written"
                )
                raise self._ended from error
            except UnicodeDecodeError as error:  # the driver's: a text in it was changed
                self._ended = LedgerLost(f"ledger {self._name}: {DAMAGED}")
                raise self._ended from error
            except BaseException:
                self._last, self._unwritten = None, []  # what was appended is rolled back
                raise

    @contextmanager
    def together(self) -> Iterator[None]:
        """Whatever this thread writes in the block is one transaction, with blocks within."""
        with self.transaction() as connection:
            around, self._joined = self._joined, connection
            try:
                yield
            finally:
                self._joined = around

    def append(self, connection: sa.Connection, run: str, kind: str, body: object) -> int:
        """Chain one entry, to be written with its transaction; returns its seq."""
        if self._last is None and (last := connection.execute(_LAST).first()) is not None:
            self._last = (last.seq, last.sha256)
        entry = link(self._last, run=run, kind=kind, body=body)
        row = {name: getattr(entry, name) for name in entry.__slots__ if name != "run"}
        self._unwritten.append({**row, "run_id": run})
        self._last = (entry.seq, entry.sha256)
        return entry.seq

    def write(self, connection: sa.Connection) -> None:
        """Write the chained entries now; the last entry of a run becomes its head."""
        if self._unwritten:
            heads = {row["run_id"]: row["sha256"] for row in self._unwritten}
            connection.execute(_INSERT, self._unwritten)
            connection.execute(_HEAD, [{"of": run, "now": head} for run, head in heads.items()])
            self._unwritten = []

    def close(self) -> None:
        """End all writing; a later call raises RuntimeError."""
        with self._lock:
            self._ended = RuntimeError("the ledger is closed")
