"""Optional capabilities of a connector. A run needs none of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar, runtime_checkable

from connectors.connector import Connector
from connectors.events import Declared, Emit

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnRule:
    """A rule that the source itself enforces on each value of a column, a missing one excepted.

    >>> ColumnRule(check="isin", values=(["AIR", "RAIL"],)).check
    'isin'
    """

    check: str
    """The name of the contract's check: `gt`, `ge`, `lt`, `le`, `eq`, `ne`, `isin`, `notin`; or
    `str_length`, with the fewest and the most characters, None for no bound."""
    values: tuple[object, ...]
    """Its arguments: numbers, texts, dates and times, or one list of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """A column whose every value is found in a column of another table.

    >>> ForeignKey(
    ...     column="customer", dataset="customers", theirs="customer_key", unsaid=None
    ... ).dataset
    'customers'
    """

    column: str
    dataset: str
    """The dataset of the other table at the same source, which may be this one."""
    theirs: str
    unsaid: str | None
    """Why no reconciliation says exactly this; None where one does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedColumn:
    """One column as its source describes it.

    >>> import pyarrow
    >>> DescribedColumn(
    ...     name="amount", type="numeric(12, 2)", lands_as=pyarrow.decimal128(12, 2), nullable=True
    ... ).type
    'numeric(12, 2)'
    """

    name: str
    type: str
    """In the source's own words, as `numeric(12, 2)`."""
    lands_as: pa.DataType | None
    """A type that holds such values unchanged when `read` lands them; None where no type does."""
    nullable: bool
    """Whether a value may be missing; for a sample, whether one is missing."""
    comment: str | None = None
    """What the source's owner wrote about it there."""
    rules: tuple[ColumnRule, ...] = ()
    has_control_characters: bool = False
    """Whether a text in it holds a control character other than tab and line ends."""
    time_written: str | None = None
    """The format of a `TimeFormat` in which all its values would be times of this century: perhaps
    they are. None where it has a type of times."""
    untyped: str | None = None
    """Why no type holds its values, as `it mixes numbers and texts`; None where one does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """The description of one dataset, from a catalogue or a sample. Contains no value.

    >>> Described(
    ...     what="table sales.orders",
    ...     columns=(),
    ...     key=("order_key",),
    ...     estimated_rows=1_500,
    ...     sampled_rows=None,
    ... ).key
    ('order_key',)
    """

    what: str
    """`table sales.orders`, `file orders_20261120.csv`."""
    columns: tuple[DescribedColumn, ...]
    key: tuple[str, ...]
    """Columns that together identify a row: the catalogue's primary key, or columns that do so in
    the sample; empty if unknown."""
    estimated_rows: int | None
    """The source's own estimate or declaration; None if it has none."""
    sampled_rows: int | None
    """Rows in the sample; None for a catalogue."""
    hint: str | None = None
    """What the owner of the data may have to confirm about their form: a clause."""
    comment: str | None = None
    """What the source's owner wrote about it there."""
    foreign_keys: tuple[ForeignKey, ...] = ()
    unsaid: tuple[str, ...] = ()
    """What the source enforces and no rule says exactly, in its own words."""
    doubt: str | None = None
    """Why the description was not held against the rows; None where it was, or where nothing in it
    is open."""
    is_empty: bool = False
    """Whether it was seen without a row, so that none need be promised."""


@runtime_checkable
class Describes(Protocol):
    """A connector that can describe its datasets.

    >>> isinstance(Sql(url="sqlite:///shop.sqlite", password=None, tables={}), Describes)
    True
    """

    @property
    def datasets(self) -> Collection[str]:
        """The names that `read` and `describe` accept, as the pilot gave them. One without a
        contract is not covered, and the pilot never ready.
        """

    def describe(self, dataset: str, *, emit: Emit) -> Described:
        """Describe `dataset` from the catalogue, or else from its first file or page. Raises
        SourceError, also if the source cannot describe it.
        """


@runtime_checkable
class Declares(Protocol):
    """A connector that can ask its source for a dataset's columns without reading the dataset.

    >>> isinstance(Sql(url="sqlite:///shop.sqlite", password=None, tables={}), Declares)
    True
    """

    def declare(self, dataset: str, *, emit: Emit) -> Declared:
        """The columns, as `read` would have them declared: from a catalogue, a footer, a header or
        a first page. At most 5 requests or statements, each emitted. Raises SourceError: NeedsRows
        if only reading the dataset would tell.
        """


@runtime_checkable
class DescribesSchemas(Protocol):
    """A connector that can list the tables of a schema.

    >>> isinstance(Sql(url="sqlite:///shop.sqlite", password=None, tables={}), DescribesSchemas)
    True
    """

    def of_schema(self, schema: str, *, emit: Emit) -> tuple[Connector, Mapping[str, str]]:
        """The same source with a dataset for each table of `schema`, and the table of each
        dataset. A table that the pilot has keeps its dataset's name. Raises SourceError if there
        is no such schema, or none of its tables may be seen.
        """


@runtime_checkable
class KeepsSession(Protocol):
    """A connector whose readings can share one log-in, instead of one log-in each.

    >>> isinstance(Sql(url="sqlite:///shop.sqlite", password=None, tables={}), KeepsSession)
    True
    """

    def one_session(self) -> AbstractContextManager[Connector]:
        """The same source in one session. It starts with the first reading, restarts if the source
        closes it, and ends with the block.
        """


@runtime_checkable
class BeginsAgain(Protocol):
    """A connector that has a whole reading begun again where its source ended it: the rows of one
    snapshot cannot be continued with those of another.

    >>> isinstance(Sql(url="sqlite:///shop.sqlite", password=None, tables={}), BeginsAgain)
    True
    """

    def until_whole(self, dataset: str, read: Callable[[], T], *, emit: Emit) -> T:
        """What `read` returns, which reads `dataset` from its first row and keeps nothing if it
        fails. Called again, after a wait, while the source ends it; raises its last SourceError.
        """


def read_whole(connector: Connector, dataset: str, read: Callable[[], T], *, emit: Emit) -> T:
    """What `read` returns: begun again where the connector has it so, and else called once."""
    if isinstance(connector, BeginsAgain):
        return connector.until_whole(dataset, read, emit=emit)
    return read()


@runtime_checkable
class Locates(Protocol):
    """A connector that can tell what it asks its source for. Evidence counts for as long as that
    is the same.

    >>> isinstance(Sql(url="sqlite:///shop.sqlite", password=None, tables={}), Locates)
    True
    """

    def locate(self, dataset: str) -> str | None:
        """The table, glob or request behind `dataset`: another text wherever other rows are asked
        for, and no secret; None for a dataset that it does not know. Does not connect.
        """


def locator(connector: Connector, dataset: str) -> str | None:
    """What the connector asks for; None if it cannot tell."""
    return connector.locate(dataset) if isinstance(connector, Locates) else None


def in_one_session(connector: Connector) -> AbstractContextManager[Connector]:
    """The connector for several readings: in one session, if it can keep one."""
    return (
        connector.one_session() if isinstance(connector, KeepsSession) else nullcontext(connector)
    )


@runtime_checkable
class LogsIn(Protocol):
    """A connector that can test its credentials without reading.

    >>> isinstance(Sql(url="sqlite:///shop.sqlite", password=None, tables={}), LogsIn)
    True
    """

    def log_in(self, *, emit: Emit) -> None:
        """Log in and out again without requesting data. Raises SourceError."""


@runtime_checkable
class Grants(Protocol):
    """A connector that can write the script of the rights it needs, for the source's owner.

    >>> isinstance(Sql(url="sqlite:///shop.sqlite", password=None, tables={}), Grants)
    True
    """

    def grant_script(self, columns: Mapping[str, Sequence[str]]) -> str:
        """The script that lets our log-in read these columns of each dataset and revokes its other
        rights on them. Does not connect and needs no secret. Raises SourceError if this source
        has no such script.
        """


@runtime_checkable
class Experimental(Protocol):
    """A connector that can say which part of it was never tried against a server of others.

    >>> def told(connector: Experimental) -> str | None:
    ...     return connector.experimental
    """

    @property
    def experimental(self) -> str | None:
        """That part, and what was not tried; None where there is none. Does not connect."""


@runtime_checkable
class Prices(Protocol):
    """A connector that can say what a dataset costs its source beyond one reading of it.

    >>> isinstance(Sql(url="sqlite:///shop.sqlite", password=None, tables={}), Prices)
    True
    """

    def price(self, dataset: str) -> str | None:
        """The price as a clause; None if one reading of `dataset` is all. Does not connect."""
