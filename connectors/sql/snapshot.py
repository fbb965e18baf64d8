"""Reads one table in one transaction.

limits ─▶ lock ─▶ snapshot: columns, count ─▶ rows in partitions
└─ the table was replaced meanwhile: a new snapshot
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connectors.convert.fit import Values
from connectors.events import Emit, Witness
from connectors.sql import catalog, copy_csv, copy_out, opening, witness
from connectors.sql.catalog import table_clause
from connectors.sql.columns import Selected, select_columns
from connectors.sql.statement import tracked_statement

ROWS_PER_BATCH = 2_000
"""10,000 would cost half as much CPU again in Python's garbage collector: rows that live longer
are scanned together with every imported module.
"""
_SNAPSHOTS = 3
"""How often a reading begins, while the table is replaced each time."""
_NOT_COUNTED = (
    "all rows came by one statement, so as of one moment, but no count was taken of the same "
    "moment: only tables of PostgreSQL are counted"
)
_ATTACHED = "a partition was attached between the count and the rows: read it again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A table, ready to be read in the transaction that counted it."""

    selected: Selected
    counted: witness.Counted | None
    """None for a database other than PostgreSQL."""
    locked: bool


def open_snapshot(
    connection: Connection,
    name: str,
    schema: pa.Schema,
    emit: Emit,
    begin_again: Callable[[], None],
) -> Snapshot:
    """Lock the table, look it up and count it. Where it was replaced before we had a lock,
    `begin_again` begins another transaction with another snapshot.
    """
    for _ in range(_SNAPSHOTS - 1):
        opened = _open(connection, name, schema, emit)
        if opened.counted is None or not opened.counted.is_moved:
            return opened
        begin_again()
    return _open(connection, name, schema, emit)


def judge_count(
    connection: Connection, name: str, snapshot: Snapshot, rows: int, emit: Emit
) -> tuple[Witness | None, str | None]:
    """The witness for the rows that were read, or why there is none."""
    counted = snapshot.counted
    if counted is None:
        return None, _NOT_COUNTED
    doubtful = counted.kind == "p" and counted.rows != rows
    if doubtful and witness.parts_now(connection, name, emit) != counted.parts_now:
        return None, _ATTACHED
    return witness.judge(counted, locked=snapshot.locked)


def _open(connection: Connection, name: str, schema: pa.Schema, emit: Emit) -> Snapshot:
    is_postgresql = connection.dialect.name == "postgresql"
    locked = is_postgresql and opening.lock_table(connection, name, emit)
    table = catalog.look_up(connection, name, emit)
    emit(table.declared)
    return Snapshot(
        selected=select_columns(connection, table, name, schema),
        counted=witness.count(connection, name, emit) if is_postgresql else None,
        locked=locked,
    )


def partitions(
    connection: Connection, name: str, selected: Selected, emit: Emit
) -> Generator[Mapping[str, Values], None, None]:
    """Yield the rows, each part as columns: by COPY from PostgreSQL, else through a cursor."""
    statement = sa.select(*selected.expressions.values()).select_from(table_clause(name))
    sent = str(statement.compile(dialect=connection.dialect))
    what = " ".join(sent.split())
    if connection.dialect.name != "postgresql":
        yield from _fetched(connection, sent, what, selected.expressions, emit)
        return
    select = sent.replace("%%", "%")  # written twice for statements with parameters
    with closing(copy_out.blocks(connection, select, what, emit)) as blocks:
        for lines in blocks:
            yield copy_csv.columns(lines, selected.come_as, what)


def _fetched(
    connection: Connection, sent: str, what: str, names: Collection[str], emit: Emit
) -> Generator[Mapping[str, Sequence[object]], None, None]:
    options = {"stream_results": True, "max_row_buffer": ROWS_PER_BATCH}
    with tracked_statement(what, emit):
        result = connection.exec_driver_sql(sent, execution_options=options)
        result = result.yield_per(ROWS_PER_BATCH)
    with result:
        parts = result.partitions()
        while True:
            with tracked_statement(what, emit):
                rows = next(parts, None)
            if rows is None:
                return
            yield dict(zip(names, zip(*rows, strict=True), strict=True))
