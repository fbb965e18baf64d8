"""The ledger's three tables: `runs`, `entries`, `cursors`. Only `runs.state` and `head` change."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from harness.errors import ConfigurationError

METADATA = sa.MetaData()
RUNS = sa.Table(
    "runs",
    METADATA,
    sa.Column(
        "number", sa.Integer, primary_key=True, autoincrement=False, comment="gapless, from 1"
    ),
    sa.Column("run_id", sa.String, nullable=False, unique=True),
    sa.Column("pilot", sa.String, nullable=False),
    sa.Column("environment", sa.String, nullable=False),
    sa.Column("slot", sa.String, nullable=False, comment="ISO date in the pilot's zone"),
    sa.Column("state", sa.String, nullable=False, comment="RUNNING, FINISHED or INTERRUPTED"),
    sa.Column("head", sa.String, nullable=False, comment="sha256 of the run's last entry"),
)
ENTRIES = sa.Table(
    "entries",
    METADATA,
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False, comment="gapless, from 1"),
    sa.Column("run_id", sa.String, sa.ForeignKey("runs.run_id"), nullable=False, index=True),
    sa.Column("kind", sa.String, nullable=False, index=True),
    sa.Column("format", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False, comment="RFC 8785 JSON"),
    sa.Column("sha256", sa.String, nullable=False),
    sa.Column("prev", sa.String, nullable=False, comment="sha256 of the entry before, any run"),
)
CURSORS = sa.Table(
    "cursors",
    METADATA,
    sa.Column("pilot", sa.String, primary_key=True),
    sa.Column("environment", sa.String, primary_key=True),
    sa.Column("source", sa.String, primary_key=True),
    sa.Column("dataset", sa.String, primary_key=True),
    sa.Column("value", sa.String, nullable=False, comment="newest event time, ISO 8601 UTC"),
    sa.Column("seq", sa.Integer, sa.ForeignKey("entries.seq"), nullable=False),
)
ANY_ENTRY = sa.select(ENTRIES.c.seq).limit(1)
"""Succeeds on a ledger, even an empty one, and fails elsewhere."""


def in_schema(schema: str) -> dict[str, Mapping[str | None, str]]:
    """The execution options with which every table is written with its schema."""
    return {"schema_translate_map": {None: schema}}


def create_tables(connection: sa.Connection, name: str, *, schema: str | None = None) -> None:
    """Create the tables if none of them exists, in the caller's transaction.

    Raises ConfigurationError if only some exist or if one has other columns: an empty table would
    not repair a damaged ledger.
    """
    inspector = sa.inspect(connection)
    existing = set(inspector.get_table_names(schema)) & METADATA.tables.keys()
    if not existing:
        METADATA.create_all(
            connection.execution_options(schema_translate_map={None: schema}), checkfirst=False
        )
        return
    for table in METADATA.sorted_tables:
        ours = [column.name for column in table.columns]
        if table.name not in existing:
            raise ConfigurationError(
                f"ledger {name}: it is damaged, its table {table.name} is gone: put its newest "
                "backup there, or name another place; nothing was changed in it"
            )
        if [column["name"] for column in inspector.get_columns(table.name, schema)] != ours:
            raise ConfigurationError(
                f"ledger {name} is no ledger of ours, its table {table.name} is somebody else's: "
                "name another place"
            )
