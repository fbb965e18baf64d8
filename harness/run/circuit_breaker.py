"""A source that refused to log us in is asked once in a run.

Some systems lock an account after three tries, and each dataset would be a try.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def refusal(readings: Iterable[Reading]) -> str | None:
    """Why a source is not asked again after these readings of it; None if it may be.

    A source that declared its columns let us in, now or earlier in the session: then the refusal
    is about one dataset.
    """
    for reading in readings:
        failure = reading.failure
        let_in = reading.authentications or reading.declared
        if failure is not None and failure.kind == tags.ACCESS_DENIED and not let_in:
            return failure.message
    return None


def break_circuit(connector: Connector, reading: Reading) -> Connector:
    """The connector for the source's next dataset, after `connector` gave `reading`."""
    why = refusal([reading])
    if why is None or isinstance(connector, OpenCircuit):
        return connector
    return OpenCircuit(endpoint=connector.endpoint, why=why)
