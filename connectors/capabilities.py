"""What a connector may offer beside reading: reading is all that a run asks of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from connectors.connector import Connector
from connectors.events import Emit

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedColumn:
    """One column as its source describes it."""

    name: str
    type: str
    """In the source's own words, as `numeric(12, 2)`."""
    lands_as: pa.DataType
    """A type in which `read` lands such values unchanged."""
    nullable: bool
    """Whether a value may be missing; of a sample, whether one was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a source says of one dataset, by its catalogue or by a sample; no value from it."""

    what: str
    """`table sales.orders`, `file orders_20261120.csv`."""
    columns: tuple[DescribedColumn, ...]
    key: tuple[str, ...]
    """Columns that together name a row once: the catalogue's primary key, or what does so in the
    sample; none where nothing tells."""
    estimated_rows: int | None
    """The source's own estimate or declaration; None where it has none."""
    sampled_rows: int | None
    """Rows that were looked at; None where a catalogue told."""
    hint: str | None = None
    """What its owner may have to confirm of the form in which it comes: a clause."""


@runtime_checkable
class Describes(Protocol):
    """A connector that can say what its datasets look like."""

    @property
    def datasets(self) -> Collection[str]:
        """The names that `read` and `describe` take, as the pilot gave them."""

    def describe(self, dataset: str, *, emit: Emit) -> Described:
        """Say what `dataset` looks like: from the catalogue, or from as little data as a file or
        page that is its first. Raises SourceError, also where a source cannot tell.
        """


@runtime_checkable
class KeepsSession(Protocol):
    """A connector whose readings can share one log-in: each alone would begin its own."""

    def one_session(self) -> AbstractContextManager[Connector]:
        """The same source, read in one session that ends with the block; it begins with the first
        reading, and anew where the source has ended it.
        """


def in_one_session(connector: Connector) -> AbstractContextManager[Connector]:
    """The connector to read several datasets with."""
    return (
        connector.one_session() if isinstance(connector, KeepsSession) else nullcontext(connector)
    )


@runtime_checkable
class LogsIn(Protocol):
    """A connector that can try its credentials and nothing else."""

    def log_in(self, *, emit: Emit) -> None:
        """Log in and out again; no data is asked for. Raises SourceError."""


@runtime_checkable
class Grants(Protocol):
    """A connector whose source takes rights as a script, for its owner to read and run."""

    def grant_script(self, columns: Mapping[str, Sequence[str]]) -> str:
        """What lets our log-in read these columns of each dataset and takes its other rights on
        them. Connects to nothing, needs no secret. Raises SourceError where there is no such
        script for this source.
        """
