"""The protocol that every source is read through.

    source ─ Connector.read ─▶ RecordBatchReader       what happened on the way ─▶ emit(Event)

A connector reads and reports. It never judges, stores, or writes to its source. A reading is whole
only if `Completed` was emitted after the last batch; a reader that ends without it was cut. Every
attempt, wait, renewal and refusal is an event of its own.
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
"""Column that file connectors add: the name of the file that a row arrived in."""

RESCUED = "_rescued"
"""Column that every connector adds: a JSON object, by column, of the values that do not convert to
the contract's types exactly, as they arrived; null if all convert. No value is changed or dropped.
"""

RESERVED = (DELIVERY, RESCUED)


class ProbeKind(StrEnum):
    """What the source should refuse.

    >>> ProbeKind.STRANGER
    <ProbeKind.STRANGER: 'stranger'>
    """

    NOBODY = "nobody"
    """A request, or a log-in, without any credentials."""
    STRANGER = "stranger"
    """A log-in with a random name that exists nowhere, never a real principal."""
    GRANT = "grant"
    """A right that our own log-in does not need. Looked up, never exercised."""
    OTHERS = "others"
    """A right of others that touches what we read. Told, never judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One harmless test of a credential. It passes only if the source itself refuses.

    >>> Probe(name="stranger_refused", refused=True, status="401", detail="a random key").kind
    <ProbeKind.STRANGER: 'stranger'>
    """

    name: str
    """`stranger_refused`, or what a grant would allow, as `DELETE from customers`."""
    refused: bool
    """True only if the source itself refused: 401, 403, 28P01, 42501, a refused key, or a
    catalogue without such a grant."""
    status: str
    """The code of the answer, `granted`, `not granted` or `no answer`."""
    detail: str
    """For a grant, who would have it, as `role reader`."""
    kind: ProbeKind = ProbeKind.STRANGER


class Connector(Protocol):
    """Reads the datasets of one source. The constructor does not connect.

    >>> def any_reader(connector: Connector) -> str:
    ...     return connector.endpoint
    >>> any_reader(Sql(url="sqlite:///shop.sqlite", password=None, tables={}))
    'sqlite:///shop.sqlite'
    """

    @property
    def endpoint(self) -> str:
        """Scheme, host, port and database or path, without credentials. Equal for
        equal systems.
        """

    def read(self, dataset: str, *, schema: pa.Schema, emit: Emit) -> pa.RecordBatchReader:
        """Stream all rows of `dataset`, in bounded memory.

        The reader's schema has the fields of `schema` that the source sent; then the source's
        other columns, as text; then `_delivery` for files; then `_rescued`. A field that the
        source did not send is left out, so that its absence shows. Raises SourceError, from the
        call or while reading.
        """

    def probe(self, *, emit: Emit) -> Sequence[Probe]:
        """Ask without credentials and with a stranger's, once each, if the pilot allows it. Look
        up what our own allow beyond reading, if the source can answer that without our doing it.
        """
