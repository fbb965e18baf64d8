"""A source that refused to log us in is not asked again in the same run.

Some systems lock the right password out after three tries, and each dataset would be one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from connectors.connector import Connector, Probe
from connectors.errors import AccessDenied
from connectors.events import Emit
from harness import tags
from harness.facts import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCircuit:
    """A connector in place of the one that was refused; it connects to nothing."""

    endpoint: str
    why: str

    def read(self, dataset: str, *, schema: pa.Schema, emit: Emit) -> pa.RecordBatchReader:  # noqa: ARG002 - a Connector
        """Refuse in the words of the first refusal."""
        raise AccessDenied(f"not tried again in this run: {self.why}")

    def probe(self, *, emit: Emit) -> Sequence[Probe]:  # noqa: ARG002 - a Connector
        """Nothing is asked."""
        return ()


def break_circuit(connector: Connector, reading: Reading) -> Connector:
    """The connector for the next dataset of a source, after `reading` went through `connector`.

    A source that told its columns had let us in, by this log-in or in a session begun before.
    """
    failure = reading.failure
    denied = failure is not None and failure.kind == tags.ACCESS_DENIED
    let_in = reading.authentications or reading.declared
    if failure is None or not denied or let_in or isinstance(connector, OpenCircuit):
        return connector
    return OpenCircuit(endpoint=connector.endpoint, why=failure.message)
