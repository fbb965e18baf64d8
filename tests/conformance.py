"""What every connector must keep, whatever its source. Each runs it against its real server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from connectors.connector import DELIVERY, RESCUED, Connector
from connectors.events import Answered, Authenticated, Completed, Declared, Event


@dataclass(slots=True, kw_only=True)
class Run:
    """One reading: what it handed over and what it told."""

    events: list[Event] = field(default_factory=list)
    batches: list[pa.RecordBatch] = field(default_factory=list)
    schema: pa.Schema | None = None

    @property
    def table(self) -> pa.Table:
        """All rows."""
        return pa.Table.from_batches(self.batches, self.schema)

    def of(self, kind: type[Any]) -> list[Any]:
        """The events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def completed(self) -> Completed:
        """The one event that says that the reading is whole."""
        (completed,) = self.of(Completed)
        assert isinstance(completed, Completed)
        return completed


def read(
    connector: Connector,
    dataset: str,
    schema: pa.Schema,
    *,
    into: Run | None = None,
    after_first: Callable[[], None] = lambda: None,
) -> Run:
    """Read a dataset to its end; `after_first` happens between the first batch and the rest."""
    run = into or Run()
    reader = connector.read(dataset, schema=schema, emit=run.events.append)
    run.schema = reader.schema
    for batch in reader:
        run.batches.append(batch)
        if len(run.batches) == 1:
            after_first()
    return run


def keeps_the_seam(
    connector: Connector, dataset: str, schema: pa.Schema, *, rows: int, secrets: Sequence[str]
) -> None:
    """`schema` names columns that the source has; another one is asked for beside them."""
    asked = schema.append(pa.field("no_such_column", pa.int8()))
    run = read(connector, dataset, asked)
    assert run.schema is not None
    names = run.schema.names

    # What was read: all of it, in the promised types, in the promised order.
    assert run.table.num_rows == run.completed.rows == rows
    assert names[-1] == RESCUED
    assert [run.schema.field(name) for name in schema.names] == list(schema)
    assert set(names) - set(schema.names) <= {DELIVERY, RESCUED}, "absence must be seen"
    for batch in run.batches:
        batch.validate(full=True)

    # What was told: log-in first, the end last and once, a witness of the source's own.
    logs_in = not connector.endpoint.startswith("file:")  # a folder knows none, and tells of none
    assert isinstance(run.events[0], Authenticated) is logs_in is bool(run.of(Authenticated))
    assert run.events[-1] is run.completed
    assert run.of(Answered)
    (declared,) = run.of(Declared)
    assert {column.name for column in declared.columns} >= set(schema.names)
    witness = run.completed.witness
    assert witness is not None
    read_of_it = {"rows": run.completed.rows, "bytes": run.completed.bytes}
    assert witness.declared == read_of_it[witness.unit]

    # A second reading is the same; whoever stops in the middle is told of no end.
    assert read(connector, dataset, asked).table.equals(run.table)
    cut: list[Event] = []
    connector.read(dataset, schema=schema, emit=cut.append).close()
    assert not [event for event in cut if isinstance(event, Completed)]

    said = f"{run.events!r} {connector!r} {connector.endpoint}"
    assert not [secret for secret in secrets if secret in said]
