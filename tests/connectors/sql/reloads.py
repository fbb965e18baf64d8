"""Tables that others change while we read them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from time import monotonic, sleep

import psycopg
import pyarrow as pa

from connectors.events import Answered, Event
from tests.conformance import Run
from tests.connectors.crm_fixture import Database

NUMBERS = pa.schema([("n", pa.int64())])
CREATE = ("create table t (n int)", "insert into t select generate_series(1, 10)")
RELOAD = ("truncate t", "insert into t select generate_series(1, 7)")
WAITING = """
    select count(*) from pg_stat_activity
    where usename = 'reader' and cardinality(pg_blocking_pids(pid)) > 0
"""


@contextmanager
def reloading(crm: Database, *statements: str) -> Iterator[None]:
    """Another session has done this already, and commits as soon as a reader waits for it."""
    with psycopg.connect(crm.dsn) as writer:
        for statement in statements:
            writer.execute(statement.encode())

        def commit() -> None:
            end = monotonic() + 20
            while not crm.scalar(WAITING) and monotonic() < end:
                sleep(0.01)
            writer.commit()

        thread = Thread(target=commit)
        thread.start()
        try:
            yield
        finally:
            thread.join()


def read_while(crm: Database, *statements: str, times: int, table: str = "t") -> Run:
    """Read, while this happens between the snapshot and the count, in each of the first
    `times` snapshots.
    """
    run = Run()
    left = [times]

    def emit(event: Event) -> None:
        run.events.append(event)
        if isinstance(event, Answered) and event.what.startswith("catalogue") and left[0]:
            left[0] -= 1
            crm.execute(*statements)

    reader = crm.sql(table).read("it", schema=NUMBERS, emit=emit)
    run.schema = reader.schema
    run.batches = list(reader)
    return run


def only_columns(crm: Database, table: str = "t") -> None:
    """As the grant script has it: a right on the columns, and none on the table."""
    crm.execute(f"revoke all on {table} from reader", f"grant select (n) on {table} to reader")


def whole(run: Run, rows: int) -> bool:
    witness = run.completed.witness
    return witness is not None and run.table.num_rows == witness.declared == rows
