"""What every connector must keep, whatever its source. Each runs it against its real server."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from connectors.connector import DELIVERY, RESCUED, Connector
from connectors.errors import SourceChanged
from connectors.events import (
    Answered,
    Authenticated,
    Completed,
    Declared,
    Event,
    Unreadable,
)
from connectors.peer import Connected


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


def read_in_vain(
    connector: Connector, dataset: str, schema: pa.Schema, *, message: str, never: str
) -> Run:
    """Read what is not whole: the reading ends, or names a file, with a line that matches
    `message` and does not show `never`.
    """
    run = Run()
    try:
        read(connector, dataset, schema, into=run)
    except SourceChanged as error:
        told = [str(error)]
        assert not run.of(Completed), "expected no end of a reading that failed"
    else:
        told = [one.why for one in run.of(Unreadable)]
    assert any(re.search(message, one) for one in told), f"expected {message!r}: {told}"
    assert not any(never in one or "\n" in one for one in told), "expected one line without data"
    return run


def keeps_the_seam(  # noqa: PLR0913 - a reading, and what is known of its source
    connector: Connector,
    dataset: str,
    schema: pa.Schema,
    *,
    rows: int,
    secrets: Sequence[str],
    logs_in: bool = True,
) -> None:
    """`schema` names columns that the source has; another one is asked for beside them. Say
    `logs_in=False` of a source without a log-in: then none may be told.
    """
    asked = schema.append(pa.field("no_such_column", pa.int8()))
    run = read(connector, dataset, asked)
    assert run.schema is not None
    names = run.schema.names

    # What was read: all of it, in the promised types, in the promised order.
    read_rows = (run.table.num_rows, run.completed.rows)
    assert read_rows == (rows, rows), f"expected {rows} rows, handed over and told: {read_rows}"
    assert names[-1] == RESCUED, f"expected {RESCUED} as the last column: {names}"
    typed = [run.schema.field(name) for name in schema.names if name in names]
    assert typed == list(schema), f"expected the promised columns and types: {typed}"
    more = set(names) - set(schema.names) - {DELIVERY, RESCUED}
    assert not more, f"expected no column that the source does not have: {more}"
    for batch in run.batches:
        batch.validate(full=True)

    # What was told: log-in first, the end last and once, a witness of the source's own.
    told = [type(event).__name__ for event in run.events]
    if logs_in:
        shown = (Connected, Answered)  # HTTP shows some log-ins with the request for data itself
        first = next(event for event in run.events if not isinstance(event, shown))
        assert isinstance(first, Authenticated), f"expected Authenticated first: {told}"
    else:
        assert not run.of(Authenticated), f"expected no Authenticated without a log-in: {told}"
    assert run.events[-1] is run.completed, f"expected Completed last: {told}"
    assert run.of(Answered), f"expected an Answered for each answer of the source: {told}"
    declarations = run.of(Declared)
    assert len(declarations) == 1, f"expected Declared once: {told}"
    declared = {column.name for column in declarations[0].columns}
    assert declared >= set(schema.names), f"expected all columns of the source: {declared}"
    witness = run.completed.witness
    assert witness is not None, "expected a witness: the source's own count"
    read_of_it = {"rows": run.completed.rows, "bytes": run.completed.bytes}[witness.unit]
    assert witness.declared == read_of_it, f"expected {witness.declared}, read {read_of_it}"

    # A second reading is the same; whoever stops in the middle is told of no end.
    again = read(connector, dataset, asked).table
    assert again.equals(run.table), "expected a second reading to give the same rows"
    cut: list[Event] = []
    connector.read(dataset, schema=schema, emit=cut.append).close()
    ends = [event for event in cut if isinstance(event, Completed)]
    assert not ends, "expected no Completed of a reading that was closed before its end"

    said = f"{run.events!r} {connector!r} {connector.endpoint}"
    assert not any(secret in said for secret in secrets), "expected no secret in what is told"
