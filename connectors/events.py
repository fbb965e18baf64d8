"""The events that a connector emits during a reading.

Every attempt, wait, renewal and refusal is an event of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from connectors.peer import Connected, Peer
from connectors.slots import SpentByOthers


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The source answered one request, statement or file transfer, with success or an error.

    >>> Answered(what="GET /parts", status="200", seconds=0.2, bytes=512, attempt=1).status
    '200'
    """

    what: str
    """The statement, `GET /path` or file name, without secrets, query values or data."""
    status: str
    """`200`, `401`, an SQLSTATE (`00000` for success), an SFTP status name or an S3 error code."""
    seconds: float
    bytes: int
    attempt: int
    """1 for the first try of a logical request."""
    peer: Peer | None = field(default=None, metadata={"later": True})
    """Who answered, where the connector has looked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """We waited before a request.

    >>> Waited(seconds=3.0, why=WaitReason.RETRY_AFTER).seconds
    3.0
    """

    seconds: float
    why: WaitReason


class WaitReason(StrEnum):
    """Why a request had to wait.

    >>> WaitReason.BUDGET
    <WaitReason.BUDGET: 'budget'>
    """

    BUDGET = "budget"
    """Our own request budget was spent; no request exceeded the source's quota."""
    RETRY_AFTER = "retry_after"
    """The source asked us to wait."""
    BACKOFF = "backoff"
    """After a failure without Retry-After: exponential backoff with full jitter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """A logical request is sent again. `attempt` is the number of the new attempt.

    >>> Retried(what="GET /parts", attempt=2, why="answered 503").attempt
    2
    """

    what: str
    attempt: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Authenticated:
    """The source accepted our credentials: a log-in succeeded or a token was issued.

    `renewed` is true if it replaces a credential that worked earlier in this reading and then
    stopped working.

    >>> Authenticated(how="API key in a header", renewed=False).renewed
    False
    """

    how: str
    renewed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The source refused: 401, 403, 429, 28P01, 42501, a refused key.

    >>> Refused(what="GET /parts", status="429", retry_after=3.0).retry_after
    3.0
    """

    what: str
    status: str
    retry_after: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overloaded:
    """The source refused a request because of how many there are, in another way than 429:
    `SlowDown`, or 403 or 503 where nothing is left of a quota.

    >>> Overloaded(what="GET /parts", status="503").status
    '503'
    """

    what: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limited:
    """The source announced a quota: at most `requests` in any window of `seconds`.

    >>> Limited(requests=60, seconds=60)
    Limited(requests=60, seconds=60)
    """

    requests: int
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredColumn:
    """One column as its source declares it.

    >>> DeclaredColumn(name="amount", type="numeric(12, 2)", nullable=True).type
    'numeric(12, 2)'
    """

    name: str
    type: str | None
    """In the source's own words, as `varchar(15)`; None if it declares none."""
    nullable: bool | None
    """Whether a value may be missing; None if the source does not say."""
    labels: tuple[str, ...] | None = field(default=None, metadata={"later": True})
    """Of an enum, in its order; None if the source declares none. An array's are its items'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """The source declared the dataset's columns, including those that no contract names. Emitted
    before the rows; once more where a table was replaced before it was read, or where a file
    declares other columns than the one before it: its `Delivered` comes before. Then the last
    counts. A page with other columns ends the reading, unless its endpoint omits nulls.

    >>> amount = DeclaredColumn(name="amount", type="numeric(12, 2)", nullable=True)
    >>> Declared(by="catalogue", columns=(amount,)).by
    'catalogue'
    """

    by: str
    """`catalogue`, `footer`, `header` or `first page`."""
    columns: tuple[DeclaredColumn, ...]
    key: tuple[str, ...] = ()
    """The primary key, if the source declares one."""


def declare_names(names: Iterable[str], *, by: str) -> Declared:
    """Columns whose names alone are known.

    >>> [column.name for column in declare_names(["key", "size"], by="header").columns]
    ['key', 'size']
    """
    return Declared(
        by=by, columns=tuple(DeclaredColumn(name=n, type=None, nullable=None) for n in names)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """One file was transferred whole. Its rows have `name` in the column `_delivery`.

    >>> noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    >>> Delivered(name="orders_20261120.csv", available_at=noon, bytes=512, sha256="e3b0…").name
    'orders_20261120.csv'
    """

    name: str
    available_at: datetime
    """When it became available: its modification time at the source, UTC."""
    bytes: int
    sha256: str
    """Of the bytes as transferred. An equal digest means that the same file was delivered again.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankLines:
    """A file has lines on which nothing stands, beside its rows. They are passed over.

    >>> BlankLines(name="orders_20261120.csv", lines=2).lines
    2
    """

    name: str
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A delivered file cannot be read to its end: it is cut, damaged, or not written as the pilot
    says. The others are read, and the reading is not whole.

    >>> Unreadable(name="orders_20261120.csv", why="orders_20261120.csv: it is cut").name
    'orders_20261120.csv'
    """

    name: str
    why: str
    """One line with the file, what is wrong with it and what to do; without data."""


class WitnessKind(StrEnum):
    """The origin of a completeness witness. The first five can prove a reading whole.

    >>> WitnessKind.DECLARED_TOTAL
    <WitnessKind.DECLARED_TOTAL: 'declared_total'>
    """

    SNAPSHOT_COUNT = "snapshot_count"
    """The source counted the rows in the snapshot that was read."""
    READ_TWICE = "read_twice"
    """A declared total, and a second pass over all pages found the same keys."""
    IMMUTABLE_KEY = "immutable_key"
    """A declared total, and the pages came in the order of a key that never changes."""
    ONE_SNAPSHOT = "one_snapshot"
    """A declared total, and every page named the same snapshot of the source."""
    SENDERS_WORD = "senders_word"
    """What the sender itself said of its delivery: a control file, a trailer, a footer."""
    DECLARED_TOTAL = "declared_total"
    """A total of something that may have moved meanwhile. It refutes, and never proves."""
    LISTING = "listing"
    """Names and sizes of all files, equal before and after the reading: all that was there was
    transferred. Whether the sender had finished is not known: it refutes, and never proves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """The source's own count of what there was to read; never computed from what was read.

    >>> Witness(
    ...     kind=WitnessKind.DECLARED_TOTAL, declared=500, unit="rows", detail="next is null"
    ... ).declared
    500
    """

    kind: WitnessKind
    declared: int
    unit: str
    """`rows` or `bytes`."""
    detail: str
    """The snapshot id, the mark of the last page, or the number of files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """Transport and decoder both ended properly. Emitted once, after the last batch.

    >>> Completed(rows=500, bytes=60_000, witness=None, unwitnessed="no total is given").rows
    500
    """

    rows: int
    """Rows read."""
    bytes: int
    """Payload bytes received, decoded for HTTP and as stored for files."""
    witness: Witness | None
    unwitnessed: str | None = None
    """Why nothing proves that all was read, and what would; as a clause of a sentence."""


Event: TypeAlias = (
    Answered
    | Connected
    | Waited
    | Retried
    | Authenticated
    | Refused
    | Overloaded
    | Limited
    | SpentByOthers
    | Declared
    | Delivered
    | BlankLines
    | Unreadable
    | Completed
)

Emit: TypeAlias = Callable[[Event], None]
