"""The count that is a table's witness, and why it is none where rows may escape it.

One statement counts the rows and looks the table up twice: as the snapshot has it, in pg_class,
and as it is now under our locks, by functions that read the catalogue's latest state. Where the
two differ, the table was emptied, replaced or repartitioned after the snapshot was taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from connectors.events import Emit, Witness, WitnessKind
from connectors.sql.catalog import quote
from connectors.sql.statement import tracked_statement

_PARTS_NOW = """
    SELECT array_agg(relid::oid::bigint ORDER BY relid) FROM pg_partition_tree(to_regclass(%s))
"""
_COUNT = """
    WITH RECURSIVE part (oid) AS (
        SELECT to_regclass(%s)::oid
        UNION SELECT inhrelid FROM pg_catalog.pg_inherits JOIN part ON inhparent = part.oid
    ), held AS (
        SELECT part.oid, relkind, relfilenode, quote_ident(nspname) || '.' || quote_ident(relname)
            AS name
        FROM part
        LEFT JOIN pg_catalog.pg_class c ON c.oid = part.oid
        LEFT JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace
    ), known AS (
        SELECT bool_and(coalesce(
                name = (pg_identify_object('pg_catalog.pg_class'::regclass, oid, 0)).identity
                AND (relfilenode = 0 OR relfilenode = pg_relation_filenode(oid)),
            false)) AS same,
            count(*) > 1 AS divided,
            min(relkind::text) FILTER (WHERE oid = to_regclass(%s)) AS kind,
            min(name) FILTER (WHERE relkind = 'f') AS foreign_part,
            min(name) FILTER (WHERE row_security_active(oid)) AS secured_part,
            array_agg(oid::bigint ORDER BY oid) AS parts,
            ({parts_now}) AS parts_now
        FROM held
    )
    SELECT known.*, pg_current_snapshot()::text AS snapshot,
        CASE WHEN kind IN ('r', 'p', 'm') THEN (SELECT count(*) FROM {table}) END AS rows
    FROM known
"""
_SHORT = "SELECT count(*) FROM {}"
"""What the run log says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The rows of a table in our snapshot, and what its catalogue says of how far that counts."""

    rows: int | None
    """None for what stores no rows of its own."""
    snapshot: str
    kind: str | None
    """PostgreSQL's relkind; None for a table that the snapshot does not have."""
    same: bool
    """Whether each part is, under our locks, the file and the name that the snapshot has."""
    divided: bool
    """Whether it has partitions or inheritance children."""
    foreign_part: str | None
    secured_part: str | None
    """A part on another server; a part with row-level security for our role."""
    parts: Sequence[int]
    parts_now: Sequence[int] | None
    """The oids of a partitioned table and its partitions; `parts_now` is None for other tables."""

    @property
    def is_moved(self) -> bool:
        """Whether the table is another one than the snapshot has."""
        is_partitioned = self.kind == "p"
        return not self.same or (is_partitioned and self.parts != self.parts_now)


def count(connection: Connection, name: str, emit: Emit) -> Counted:
    """Count in our snapshot, and hold the locks of all parts from here on."""
    quoted = quote(name)
    statement = _COUNT.format(table=quoted.replace("%", "%%"), parts_now=_PARTS_NOW)
    with tracked_statement(_SHORT.format(quoted), emit):
        row = connection.exec_driver_sql(statement, (quoted,) * 3).one()
    return Counted(**row._asdict())


def parts_now(connection: Connection, name: str, emit: Emit) -> Sequence[int] | None:
    """The partitions as they are now, whatever the snapshot has."""
    with tracked_statement(f"partitions of {name}", emit):
        return connection.exec_driver_sql(_PARTS_NOW, (quote(name),)).scalar()


def judge(counted: Counted, *, locked: bool) -> tuple[Witness | None, str | None]:
    """The witness, or why the count is none and what would be one, as a clause."""
    reasons = (
        (counted.kind == "v", _VIEW),
        (counted.foreign_part is not None, _FOREIGN),
        (counted.secured_part is not None, _SECURED),
        (counted.is_moved, _MOVED),
        (counted.divided and counted.kind == "r" and not locked, _UNLOCKED_CHILDREN),
        (counted.rows is None, _NO_ROWS),
    )
    if reason := next((reason for applies, reason in reasons if applies), None):
        return None, reason.format(foreign=counted.foreign_part, secured=counted.secured_part)
    assert counted.rows is not None
    kind = WitnessKind.SNAPSHOT_COUNT
    declared, detail = counted.rows, counted.snapshot
    return Witness(kind=kind, declared=declared, unit="rows", detail=detail), None


_VIEW = "a view hides the same rows from its count: read the tables behind it for a witness"
_FOREIGN = (
    "{foreign} is a foreign table, whose rows no snapshot of this server holds: "
    "read them where they are stored"
)
_SECURED = (
    "row-level security of {secured} decides which rows our role may see and count: "
    "a table without policies, made for this role, would have a witness"
)
_LOCK = "grant SELECT on the whole table, so that it can be locked first"
_MOVED = (
    "the table was replaced each time while its lock was awaited: "
    f"read it at another time than it is loaded, or {_LOCK}"
)
_UNLOCKED_CHILDREN = f"its inheritance children may have changed before they were locked: {_LOCK}"
_NO_ROWS = "it is no table, and stores no rows that could be counted"
