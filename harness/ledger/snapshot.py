"""All tables of a ledger as they were at one moment, to be held against each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from harness.ledger.chain import Entry
from harness.ledger.heads import RunRow
from harness.ledger.tables import (
    CHECKPOINTS,
    CURSORS,
    ENTRIES,
    NIGHTS,
    RUNS,
    is_of_earlier_release,
)

_BATCH = 2_000
_AFTER = (
    sa.select(ENTRIES)
    .where(ENTRIES.c.seq > sa.bindparam("after"))
    .order_by(ENTRIES.c.seq)
    .limit(_BATCH)
)
_SPANS = sa.select(
    ENTRIES.c.run_id,
    sa.func.min(ENTRIES.c.seq),
    sa.func.max(ENTRIES.c.seq),
    sa.func.count(),
).group_by(ENTRIES.c.run_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class CursorRow:
    """A row of `cursors`."""

    pilot: str
    environment: str
    source: str
    dataset: str
    value: str
    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where the entries of a run are."""

    first: int
    last: int
    n: int


class Snapshot:
    """What one transaction sees."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def runs(self) -> tuple[RunRow, ...]:
        """In the order of their numbers."""
        rows = self._connection.execute(sa.select(RUNS).order_by(RUNS.c.number)).all()
        return tuple(
            RunRow(
                number=number,
                run=run,
                pilot=pilot,
                environment=environment,
                slot=slot,
                state=state,
                head=head,
            )
            for number, run, pilot, environment, slot, state, head in rows
        )

    def cursors(self) -> tuple[CursorRow, ...]:
        """All of them."""
        rows = self._connection.execute(sa.select(CURSORS))
        return tuple(CursorRow(**row) for row in rows.mappings())

    def spans(self) -> dict[str, Span]:
        """Where the entries of each run are, by the index alone."""
        rows = self._connection.execute(_SPANS).all()
        return {run: Span(first=first, last=last, n=n) for run, first, last, n in rows}

    def span(self, run: str) -> Span | None:
        """Where the entries of one run are; None if it has none."""
        row = self._connection.execute(_SPANS.where(ENTRIES.c.run_id == run)).first()
        return None if row is None else Span(first=row[1], last=row[2], n=row[3])

    def extent(self) -> tuple[int, int]:
        """How many entries there are, and the seq of the last one."""
        count, last = sa.func.count(), sa.func.coalesce(sa.func.max(ENTRIES.c.seq), 0)
        row = self._connection.execute(sa.select(count, last).select_from(ENTRIES)).one()
        return row[0], row[1]

    def entries(self, *, after: int = 0) -> Iterator[Entry]:
        """All entries behind this one, in order; a few at a time, as a ledger is large."""
        while rows := self._connection.execute(_AFTER, {"after": after}).all():
            yield from (as_entry(*row) for row in rows)
            after = rows[-1].seq

    def entry(self, seq: int) -> Entry | None:
        """One entry."""
        row = self._connection.execute(sa.select(ENTRIES).where(ENTRIES.c.seq == seq)).first()
        return None if row is None else as_entry(*row)

    def nights(self) -> dict[int, bytes] | None:
        """By the numbers of their runs; None in a ledger of an earlier release."""
        if self._lacks(NIGHTS):
            return None
        rows = self._connection.execute(sa.select(NIGHTS).order_by(NIGHTS.c.number)).all()
        return {number: as_bytes(body) for number, body in rows}

    def checkpoints(self) -> tuple[tuple[int, bytes], ...]:
        """Size and note of each, the smallest first; none in a ledger of an earlier release."""
        if self._lacks(CHECKPOINTS):
            return ()
        rows = self._connection.execute(sa.select(CHECKPOINTS).order_by(CHECKPOINTS.c.size)).all()
        return tuple((size, as_bytes(note)) for size, note in rows)

    def rows(self, table: sa.Table, *, at_most: int) -> Iterator[list[dict[str, Any]]]:
        """All rows of a table as they are stored, a few at a time."""
        found = self._connection.execute(sa.select(table).order_by(*table.primary_key.columns))
        for some in found.mappings().partitions(at_most):
            yield [dict(row) for row in some]

    def _lacks(self, table: sa.Table) -> bool:
        """Whether it has no such table and never had."""
        schemas = self._connection.get_execution_options().get("schema_translate_map", {})
        inspector = sa.inspect(self._connection)
        there: bool = inspector.has_table(table.name, schema=schemas.get(None))
        return not there and is_of_earlier_release(self._connection)


def as_entry(  # noqa: PLR0913, PLR0917 - a row has seven columns
    seq: int, run: str, kind: str, form: int, body: object, sha256: str, prev: str
) -> Entry:
    """A row of `entries`."""
    return Entry(
        seq=seq, run=run, kind=kind, format=form, body=as_bytes(body), sha256=sha256, prev=prev
    )


def as_bytes(stored: object) -> bytes:
    """SQLite keeps text that somebody wrote over bytes; the chain then shows it."""
    return stored if isinstance(stored, bytes) else str(stored).encode()
