"""The ledger's tables. Only `runs.state`, `runs.head` and `cursors` change.

`runs`, `cursors` and `nights` follow from `entries`, and are held against them (`held.py`).
`checkpoints` are what somebody signed of the runs' heads, or would have with a key.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
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
NIGHTS = sa.Table(
    "nights",
    METADATA,
    sa.Column(
        "number",
        sa.Integer,
        sa.ForeignKey("runs.number"),
        primary_key=True,
        autoincrement=False,
        comment="of a run that ended",
    ),
    sa.Column("body", sa.LargeBinary, nullable=False, comment="JSON: what later runs take up"),
)
CHECKPOINTS = sa.Table(
    "checkpoints",
    METADATA,
    sa.Column("size", sa.Integer, primary_key=True, autoincrement=False, comment="of ended runs"),
    sa.Column("note", sa.LargeBinary, nullable=False, comment="C2SP signed note"),
)
LATER = frozenset({NIGHTS.name, CHECKPOINTS.name})
"""Tables that a ledger of an earlier release lacks; they are added to it."""
STARTED = "started"
"""The kind of a run's first entry."""
CHECKED = "checked"
"""Where it says what its run found in the ledger (`opening.py`); earlier releases did not."""


class _Started(msgspec.Struct):
    checked: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


ANY_ENTRY = sa.select(ENTRIES.c.seq).limit(1)
"""Succeeds on a ledger, even an empty one, and fails elsewhere."""


def in_schema(schema: str) -> dict[str, Mapping[str | None, str]]:
    """The execution options with which every table is written with its schema."""
    return {"schema_translate_map": {None: schema}}


def create_tables(connection: sa.Connection, name: str, *, schema: str | None = None) -> None:
    """Create the tables if none of them exists, in the caller's transaction, and those that a
    ledger of an earlier release lacks.

    Raises ConfigurationError if others are missing or if one has other columns: an empty table
    would not repair a damaged ledger.
    """
    inspector = sa.inspect(connection)
    existing = set(inspector.get_table_names(schema)) & METADATA.tables.keys()
    if not existing:
        METADATA.create_all(
            connection.execution_options(schema_translate_map={None: schema}), checkfirst=False
        )
        return
    within = connection.execution_options(**in_schema(schema)) if schema else connection
    for table in sorted(METADATA.sorted_tables, key=lambda table: table.name in LATER):
        ours = [column.name for column in table.columns]
        if table.name not in existing:
            if table.name not in LATER or not is_of_earlier_release(within):
                raise ConfigurationError(
                    f"ledger {name}: it is damaged, its table {table.name} is gone: put its "
                    "newest backup there, or name another place; nothing was changed in it"
                )
            table.create(within, checkfirst=False)
        elif [column["name"] for column in inspector.get_columns(table.name, schema)] != ours:
            raise ConfigurationError(
                f"ledger {name} is no ledger of ours, its table {table.name} is somebody else's: "
                "name another place"
            )


def is_of_earlier_release(connection: sa.Connection) -> bool:
    """Whether no run of a release that makes all of today's tables has ever begun here."""
    begun = sa.select(ENTRIES.c.body).where(ENTRIES.c.kind == STARTED)
    return not any(says_checked(body) for body in connection.execute(begun).scalars())


def says_checked(body: object) -> bool:
    """Whether a run's first entry is of a release that makes all of today's tables."""
    try:
        text = body if isinstance(body, bytes) else str(body).encode()
        return msgspec.json.decode(text, type=_Started).checked is not msgspec.UNSET
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return True  # somebody changed it, and the chain shows that
