"""A source that refused to log us in is asked once in a run.

Some systems lock an account after three tries, and each dataset would be a try.
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
    """Takes the place of a connector that was refused; connects to nothing."""

    endpoint: str
    why: str

    def read(self, dataset: str, *, schema: pa.Schema, emit: Emit) -> pa.RecordBatchReader:  # noqa: ARG002 - a Connector
        """Raise AccessDenied with the words of the first refusal."""
        raise AccessDenied(f"not tried again in this run: {self.why}")

    def probe(self, *, emit: Emit) -> Sequence[Probe]:  # noqa: ARG002 - a Connector
        """Ask nothing."""
        return ()


def break_circuit(connector: Connector, reading: Reading) -> Connector:
    """The connector for the source's next dataset, after `connector` gave `reading`.

    A source that declared its columns let us in, now or earlier in the session: then the refusal
    is about one dataset.
    """
    failure = reading.failure
    denied = failure is not None and failure.kind == tags.ACCESS_DENIED
    let_in = reading.authentications or reading.declared
    if failure is None or not denied or let_in or isinstance(connector, OpenCircuit):
        return connector
    return OpenCircuit(endpoint=connector.endpoint, why=failure.message)
