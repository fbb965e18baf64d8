"""The ledger's three tables: `runs`, `entries`, `cursors`. Only `runs.state` and `head` change."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()
RUNS = sa.Table(
    "runs",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, comment="gapless, from 1"),
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
    sa.Column("seq", sa.Integer, primary_key=True, comment="gapless, from 1"),
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
