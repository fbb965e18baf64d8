"""What an entry of the ledger costs, in a SQLite file and in PostgreSQL, until it is on disk."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from bench.metric import Metric, Sample
from connectors.secrets import Secret
from estate import crm
from estate.folder import temporary_folder
from harness.ledger.ledger import Header, Origin, open_ledger

LIBRARIES = ("sqlalchemy", "psycopg", "rfc8785")
_ENTRIES = 300
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_HEADER = Header(pilot="bench", environment="dev", run="bench", slot="2026-01-01", code="bench")
_ORIGIN = Origin(source="bench", dataset="bench")
_BODY = {"rows": 1500, "samples": [n / 7 for n in range(100)], "failure": None}
_FLOOR = b"x" * 2600
"""As long as the body with its header in canonical JSON."""
_MAKE = "create table floor (n integer primary key, body {})"
_SAFE = {"timezone": "UTC"}
"""PostgreSQL's own defaults: it waits for the disk."""
_UNITS = ("entries per second", "entries per second of this process's CPU")


def floors() -> list[str]:
    """What the floor is."""
    bare = "Floor: the bare driver, one row as long as the entry, INSERT and COMMIT, on this disk."
    server = "PostgreSQL waits for the disk as well; its server's CPU is not this process's."
    return [f"{bare} {server}"]


def measured(*, quick: bool, say: Callable[[str], None]) -> list[Metric]:
    """Both kinds; samples of ours and of the floor in turn."""
    found: dict[tuple[str, str], tuple[Sample, ...]] = {}
    samples = 3 if quick else 15
    with temporary_folder(Path(tempfile.gettempdir())) as folder:
        for kind, prepared in (("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
            say(f"{kind}: {_ENTRIES} entries, {samples} times")
            with prepared(folder) as (place, bare), open_ledger(place) as book:
                book.begin(_HEADER, {}, at=_AT)

                def ours(_: int, append: Callable[..., int] = book.append) -> None:
                    append(_HEADER, "reading", _BODY, at=_AT, origin=_ORIGIN, cursor="c")

                pairs = [(_rates(ours), _rates(bare, at=number)) for number in range(samples)]
            for number, unit in enumerate(_UNITS):
                found[kind, unit] = tuple(
                    Sample(value=mine[number], against=floor[number]) for mine, floor in pairs
                )
    return [
        Metric(metric=kind, unit=unit, samples=taken)
        for (kind, unit), taken in sorted(found.items(), key=lambda item: _UNITS.index(item[0][1]))
    ]


def _rates(one: Callable[[int], object], *, at: int = 0) -> tuple[float, float]:
    """How many there are in a second of wall time, and in one of our CPU."""
    cpu, wall = time.process_time(), time.perf_counter()
    for number in range(at * _ENTRIES, (at + 1) * _ENTRIES):
        one(number)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return _ENTRIES / wall, _ENTRIES / cpu


@contextmanager
def _sqlite(folder: Path) -> Iterator[tuple[Path | Secret, Callable[[int], object]]]:
    connection = sqlite3.connect(folder / "floor.sqlite")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(_MAKE.format("blob"))

    def bare(number: int) -> None:
        connection.execute("insert into floor values (?, ?)", (number, _FLOOR))
        connection.commit()

    try:
        yield folder / "ledger.sqlite", bare
    finally:
        connection.close()


@contextmanager
def _postgresql(folder: Path) -> Iterator[tuple[Path | Secret, Callable[[int], object]]]:
    server = crm.start(folder, settings=_SAFE)
    try:
        dsn = server.admin["dsn"]
        with psycopg.connect(dsn, autocommit=True) as admin:
            admin.execute(_MAKE.format("bytea").encode())
        with psycopg.connect(dsn, autocommit=True) as connection:

            def bare(number: int) -> None:
                connection.execute("insert into floor values (%s, %s)", (number, _FLOOR))

            yield Secret("the bench's own", dsn), bare
    finally:
        server.stop()
