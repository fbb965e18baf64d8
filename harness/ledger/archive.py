"""Files of an archive, and of the ledger that continues it. Whoever calls holds the lock.

ledger ─▶ every row, read-only, checked whole        ─▶ DIR/NAME/ledger.sqlite
ledger ─▶ what later runs take up, checked and signed ─▶ beside it, then in its place: by one
          rename of a file, by one transaction of a database
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from harness import folders
from harness.errors import ConfigurationError
from harness.ledger import rights, sqlite
from harness.ledger.chain import Entry
from harness.ledger.continued import carried
from harness.ledger.ledger import Ledger, read_ledger
from harness.ledger.nights import night, of
from harness.ledger.snapshot import Snapshot
from harness.ledger.tables import CURSORS, ENTRIES, METADATA, NIGHTS, RUNS

FILE = "ledger.sqlite"
_READ_ONLY = 0o400
_BATCH = 2_000


def copy(seen: Snapshot, folder: Path) -> None:
    """Write every row to a ledger in a new folder, which has its name only when it is whole."""
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)  # of a command that was killed
    folders.take_results(partial)
    with sqlite.writer(partial / FILE) as engine, engine.begin() as connection:
        for table in METADATA.sorted_tables:
            for rows in seen.rows(table, at_most=_BATCH):
                connection.execute(table.insert(), rows)
    with closing(sqlite3.connect(partial / FILE)) as written:
        written.execute("PRAGMA journal_mode = DELETE")  # whoever reads it writes nothing beside
    (partial / FILE).with_suffix(".lock").unlink()
    (partial / FILE).chmod(_READ_ONLY)
    _sync(partial / FILE)
    _sync(partial)
    partial.rename(folder)
    _sync(folder.parent)


def digest(file: Path) -> str:
    """The SHA-256 of a file."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def take_over(ledger: Ledger, seen: Snapshot) -> None:
    """Write behind the only run of a ledger what it takes over of another one."""
    own: dict[str, list[Entry]] = defaultdict(list)
    moved: dict[int, int] = {}
    with ledger.snapshot() as mine:
        [first], last = mine.runs(), mine.extent()[0]
    for was, entry in carried(seen.entries(), after=(last, first.head)):
        own[entry.run].append(entry)
        moved[was] = entry.seq
    rows: list[dict[str, object]] = []
    nights: list[dict[str, object]] = []
    for run in seen.runs():
        entries, number = own[run.run], run.number + 1
        of_run = {name: getattr(run, name) for name in ("pilot", "environment", "slot", "state")}
        rows.append({**of_run, "number": number, "run_id": run.run, "head": entries[-1].sha256})
        nights.append({"number": number, "body": night(of(entries[0].body), entries)})
    taken = sorted((one for run in own.values() for one in run), key=lambda one: one.seq)
    cursors = [
        {**{name: getattr(row, name) for name in row.__slots__}, "seq": moved[row.seq]}
        for row in seen.cursors()
    ]
    with ledger.writing() as connection:
        _insert(connection, RUNS, rows)
        _insert(connection, ENTRIES, [_row(entry) for entry in taken])
        _insert(connection, CURSORS, cursors)
        _insert(connection, NIGHTS, nights)


def beside(place: Path) -> Path:
    """Where the ledger that continues this one is written; nothing is there."""
    made = place.with_name(f"{place.stem}.next.sqlite")
    remove(made)
    return made


def remove(made: Path) -> None:
    """Remove a ledger that was written beside, with its lock and what SQLite keeps there."""
    for left in made.parent.glob(f"{made.stem}.*"):
        left.unlink()


def switch(made: Path, place: Path) -> None:
    """Put one ledger in the place of another, whose archive is whole; nobody has either open.

    Raises ConfigurationError while another program does: then rows of it may stand beside it.
    """
    for file in (place, made):
        log = file.with_name(f"{file.name}-wal")
        if log.exists() and log.stat().st_size:
            raise ConfigurationError(
                f"ledger {file}: another program holds it, as a viewer or a page does: close "
                "that, and run again; nothing was switched"
            )
        for name in ("-wal", "-shm"):
            file.with_name(file.name + name).unlink(missing_ok=True)
    _sync(made)
    made.rename(place)
    _sync(place.parent)
    remove(made)


def require_owner(ledger: Ledger, name: str) -> None:
    """Raise ConfigurationError for a ledger in PostgreSQL whose user may only add to it."""
    with ledger.writing() as connection:
        rights.check_ours(connection, _schema(connection), name)


def replace(ledger: Ledger, made: Path) -> None:
    """Put the rows of the ledger in `made` in the place of those of another one, in one
    transaction of its database.
    """
    with read_ledger(made) as other, other.snapshot() as seen, ledger.writing() as connection:
        for table in reversed(METADATA.sorted_tables):
            connection.execute(table.delete())
        for table in METADATA.sorted_tables:
            for rows in seen.rows(table, at_most=_BATCH):
                connection.execute(table.insert(), rows)


def _schema(connection: sa.Connection) -> str:
    schema: str = connection.get_execution_options()["schema_translate_map"][None]
    return schema


def _insert(connection: sa.Connection, table: sa.Table, rows: list[dict[str, object]]) -> None:
    if rows:
        connection.execute(table.insert(), rows)


def _row(entry: Entry) -> dict[str, object]:
    row = {name: getattr(entry, name) for name in entry.__slots__ if name != "run"}
    return {**row, "run_id": entry.run}


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
