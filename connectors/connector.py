"""The seam behind which every source stands.

    source ─ Connector.read ─▶ RecordBatchReader       what happened on the way ─▶ emit(Event)

A connector reads and reports. It judges nothing, keeps nothing and never writes to its source.
A reading is whole only when `Completed` was emitted after the last batch: a reader that ends
without it was cut. Every attempt, wait, renewal and refusal is an event of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa
from connectors.events import Emit

DELIVERY = "_delivery"
"""Column that file connectors add: the name of the file a row came in."""

RESCUED = "_rescued"
"""Column that every connector adds: a JSON object of the values that did not fit the contract's
types, as they came, by column; null where all fitted. Nothing is bent and nothing dropped."""

RESERVED = (DELIVERY, RESCUED)


class ProbeKind(StrEnum):
    """What a probe asks the source to refuse."""

    STRANGER = "stranger"
    """A random login that exists nowhere, never a real principal."""
    GRANT = "grant"
    """Something that our own login does not need. Asked about, never done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One harmless experiment on a credential: the source itself must refuse."""

    name: str
    """`stranger_refused`; for a grant what it would allow, as `DELETE from customers`."""
    refused: bool
    """True only for a refusal that the source spoke: 401, 403, 28P01, a refused key, 42501, or
    its own catalogue that holds no such grant."""
    status: str
    """The answer's code, `granted`, `not granted` or `no answer`."""
    detail: str
    """For a grant who would hold it, as `role reader`."""
    kind: ProbeKind = ProbeKind.STRANGER


class Connector(Protocol):
    """Reads the datasets of one source. Building one connects to nothing."""

    @property
    def endpoint(self) -> str:
        """Scheme, host, port and database or path, without credentials; the same system gives
        the same text.
        """

    def read(self, dataset: str, *, schema: pa.Schema, emit: Emit) -> pa.RecordBatchReader:
        """Stream all that the source holds of `dataset`, in bounded memory.

        The reader's schema is `schema`, then any column that the source sent and `schema` does
        not name (as text), then `_delivery` for files, then `_rescued`. Fields of `schema` that
        the source did not send are left out of the reader's schema, so that their absence is
        seen. Raises SourceError, on the call or while reading.
        """

    def probe(self, *, emit: Emit) -> Sequence[Probe]:
        """Try a stranger's credentials, once, where the pilot has allowed it; and ask what our own
        would allow beyond reading, where the source can be asked without doing it.
        """
