"""What happened during a reading, as a connector emits it.

Every attempt, wait, renewal and refusal is an event of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The source answered one request, statement or file transfer; whatever the answer was."""

    what: str
    """The statement, `GET /path` or file name: without secrets, query values or data."""
    status: str
    """`200`, `401`, an SQLSTATE (`00000` for success), an SFTP status name or an S3 error code."""
    seconds: float
    bytes: int
    attempt: int
    """1 for the first try of a logical request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """We held back before a request."""

    seconds: float
    why: WaitReason


class WaitReason(StrEnum):
    """Why a request was held back."""

    BUDGET = "budget"
    """Our own request budget was spent: the source never saw a request too many."""
    RETRY_AFTER = "retry_after"
    """The source asked us to."""
    BACKOFF = "backoff"
    """A failure without advice: exponential with full jitter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """A logical request is tried once more. `attempt` is the number of the new try."""

    what: str
    attempt: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticated:
    """The source accepted our credentials (a log-in, or a token was issued).

    `renewed` is true when a credential that had worked before in this reading stopped working
    and a new one took its place.
    """

    how: str
    renewed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The source said no: 401, 403, 429, 28P01, 42501, a refused key."""

    what: str
    status: str
    retry_after: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """The source told a quota of its own: so many requests in any so many seconds."""

    requests: int
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredColumn:
    """One column as its source declares it."""

    name: str
    type: str | None
    """In the source's own words, as `varchar(15)`; None where it declares none."""
    nullable: bool | None
    """Whether a value may be missing; None where the source does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The source told which columns the dataset has, also those that nobody asked for. Emitted
    before its rows, once a reading; a file or page of another shape ends the reading.
    """

    by: str
    """`catalogue`, `footer`, `header` or `first page`."""
    columns: tuple[DeclaredColumn, ...]
    key: tuple[str, ...] = ()
    """The primary key, where the source declares one."""


def named(names: Iterable[str], *, by: str) -> Declared:
    """Columns of which the source tells the names alone."""
    return Declared(
        by=by, columns=tuple(DeclaredColumn(name=n, type=None, nullable=None) for n in names)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """One file was transferred whole. Its rows carry `name` in the column `_delivery`."""

    name: str
    available_at: datetime
    """When the source made it available (modification time there), UTC."""
    bytes: int
    sha256: str
    """Of the bytes as transferred: the same twice is the same delivery again."""


class WitnessKind(StrEnum):
    """Where a completeness witness comes from."""

    SNAPSHOT_COUNT = "snapshot_count"
    """The source counted the rows inside the snapshot that was read."""
    DECLARED_TOTAL = "declared_total"
    """The source declared a total and marked the last page."""
    LISTING = "listing"
    """Names and sizes of all files, the same before and after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """The source's own word on how much there was to read; never computed from what was read."""

    kind: WitnessKind
    declared: int
    unit: str
    """`rows` or `bytes`."""
    detail: str
    """The snapshot id, the last page's marker, the number of files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """Transport and decoder both ended properly, after the last batch. Emitted once, last."""

    rows: int
    """Rows handed over; for bytes declared by a witness see `bytes`."""
    bytes: int
    """Payload bytes received, decoded for HTTP and as stored for files."""
    witness: Witness | None
    unwitnessed: str | None = None
    """Why the source's own count is no witness, where there is such a count: a clause."""


Event: TypeAlias = (
    Answered
    | Waited
    | Retried
    | Authenticated
    | Refused
    | Limited
    | Declared
    | Delivered
    | Completed
)

Emit: TypeAlias = Callable[[Event], None]
