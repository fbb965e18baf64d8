"""Reads tables of PostgreSQL and SQLite, each as one snapshot.

On PostgreSQL a reading is one REPEATABLE READ READ ONLY transaction, so the count in it is the
witness of its rows, which come by COPY. Readings in `one_session` share one log-in. SQLite has no
witness yet. Other databases and drivers are refused until they have been tried here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

import pyarrow as pa
from sqlalchemy.engine import Connection

from connectors.capabilities import Described
from connectors.connector import Probe
from connectors.errors import AccessDenied, SourceChanged, SourceError
from connectors.events import Answered, Completed, Declared, Emit, Event
from connectors.near import add_or_correct
from connectors.retry import RetryPolicy
from connectors.rights import Way
from connectors.secrets import Secret
from connectors.sql import again, describe, privileges, schemas, snapshot, usage
from connectors.sql.database import Database
from connectors.sql.declare import Catalogue
from connectors.sql.grant_script import grant_script
from connectors.sql.log_in import LogIn
from connectors.sql.probe import file_rights, no_answer, probe_strangers
from connectors.sql.timeouts import Timeouts
from connectors.sql.url import database_url

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sql:
    """A PostgreSQL or SQLite. `tables` has the `table` or `schema.table` of each dataset.

    It connects directly, without a proxy: HTTP proxies do not support the protocol. Raises
    ValueError for a URL that is malformed, ambiguous or insecure, or names another database.

    >>> Sql(
    ...     url="postgresql+psycopg://reader@erp.example:5432/erp",
    ...     password=at.secret("password"),
    ...     tables={"orders": "sales.orders"},
    ... ).endpoint
    'postgresql://erp.example:5432/erp'
    """

    url: str
    """With the user, without the password; `?sslrootcert=/path/ca.pem` names a private CA,
    `sslcert` and `sslkey` our own certificate.
    """
    password: Secret | None
    tables: Mapping[str, str]
    user: Secret | None = None
    """In place of the URL's user, where it is issued together with the password."""
    stranger_allowed: bool = False
    timeouts: Timeouts = field(default_factory=Timeouts)
    patience: RetryPolicy = field(default_factory=again.patience)
    """How often a reading begins again whose session or snapshot the server ended."""
    _database: Database = field(init=False, repr=False, compare=False)
    _catalogue: Catalogue | None = field(init=False, default=None, repr=False, compare=False)
    """What is known of the catalogue, as long as one session lasts."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_database", Database(database_url(self.url), self.timeouts))
        if self.password is not None and not self._database.is_postgresql:
            raise ValueError(
                "a SQLite file has no log-in: write password=None in pilot.py, and take the "
                "password out of pilot.yaml"
            )
        if self.user is not None and (self.password is None or self._database.url.username):
            raise ValueError(
                "a user by reference comes with its password, and in place of the URL's user: "
                "write password=, and take the user out of the URL"
            )

    @property
    def endpoint(self) -> str:
        """Scheme, host, port and database."""
        return self._database.endpoint

    @property
    def datasets(self) -> Sequence[str]:
        """The datasets that have a table."""
        return tuple(self.tables)

    def locate(self, dataset: str) -> str | None:
        """The table, as the pilot writes it."""
        return self.tables.get(dataset)

    def price(self, dataset: str) -> str | None:  # noqa: ARG002 - each table has the same
        """A second scan, for the count that is the witness; nothing on SQLite, which has none."""
        if not self._database.is_postgresql:
            return None
        return (
            "counted, then read: two scans of a table, the first of its key's index alone where "
            "that is vacuumed; one of a view"
        )

    def describe(self, dataset: str, *, emit: Emit) -> Described:
        """Describe the table from the catalogue, with types that hold each of its rows: it reads
        the columns once of which the catalogue does not tell all.
        """
        with self._session(emit) as connection:
            table = self._find(connection, self.tables[dataset], emit)
            known = self._known(connection, emit)
            described = describe.describe_table(connection, table, known, emit)
        return replace(described, what=f"table {self.tables[dataset]}")

    def declare(self, dataset: str, *, emit: Emit) -> Declared:
        """The catalogue's word. In one session tables of one schema are looked up together."""
        table = self._table(dataset)
        catalogue = self._catalogue or Catalogue(tables=(table,))
        if table in catalogue.known:
            return catalogue.known[table]

        def log_in(event: Event) -> None:  # settings of our own session ask nothing
            if not isinstance(event, Answered):
                emit(event)

        with self._session(log_in) as connection:
            return catalogue.look_up(connection, table, emit)

    def of_schema(self, schema: str, *, emit: Emit) -> tuple[Sql, Mapping[str, str]]:
        """The same database with a dataset for each table and view of a schema."""
        with self._session(emit) as connection:
            tables = schemas.tables(connection, schema, emit)
            known = self._known(connection, emit)
        named = schemas.datasets(schema, tables, known)
        return replace(self, tables={**self.tables, **named}), named

    def log_in(self, *, emit: Emit) -> None:
        """Begin a session with its limits, and end it."""
        with self._session(emit):
            pass

    @contextmanager
    def one_session(self) -> Iterator[Sql]:
        """The same database through one log-in. It ends with the block, or with its
        last reading.
        """
        database = self._database.in_one_session()
        kept = replace(self)
        object.__setattr__(kept, "_database", database)
        object.__setattr__(kept, "_catalogue", Catalogue(tables=tuple(self.tables.values())))
        try:
            yield kept
        finally:
            database.end()

    def until_whole(self, dataset: str, read: Callable[[], T], *, emit: Emit) -> T:
        """Begin the reading again, in a new snapshot, while the server ends its session."""
        return again.until_whole(
            f"reading of {self.tables.get(dataset, dataset)}", read, emit, self.patience
        )

    def grant_script(self, columns: Mapping[str, Sequence[str]]) -> str:
        """The script that sets the rights of the URL's role. Raises SourceError if it has none."""
        url = self._database.url
        if not self._database.is_postgresql or url.username is None:
            raise SourceError(f"{self.endpoint} has no PostgreSQL role to grant anything to")
        wanted = [(self._table(dataset), names) for dataset, names in columns.items()]
        return grant_script(url.username, url.database or url.username, wanted)

    def read(self, dataset: str, *, schema: pa.Schema, emit: Emit) -> pa.RecordBatchReader:
        """Stream one table. `Completed.bytes` counts the values as Arrow holds them."""
        batches = self._batches(self._table(dataset), schema, emit)
        return pa.RecordBatchReader.from_batches(next(batches).schema, batches)

    def probe(self, *, emit: Emit) -> Sequence[Probe]:
        """Log in with a random name and password, and look up what our role may do; of a SQLite
        file, what the system lets us do with it.
        """
        if not self._database.is_postgresql:
            return file_rights(str(self._database.url.database), emit)
        strangers = probe_strangers(self._database, emit) if self.stranger_allowed else ()
        return (*strangers, *self._probe_grants(emit))

    @property
    def rights(self) -> Way:
        """A catalogue, or the system that has the file, tells it."""
        return Way.LOOKED_UP

    @property
    def has_log_in(self) -> bool:
        """A file asks nobody who they are."""
        return self._database.is_postgresql

    def _probe_grants(self, emit: Emit) -> Sequence[Probe]:
        """Never raises: a source that does not answer gives one failed probe, as that says nothing
        about strangers.
        """
        try:
            with self._session(emit) as connection:
                tables = {
                    table: self._find(connection, table, emit) for table in self.tables.values()
                }
                return privileges.probes(connection, tables, emit)
        except SourceError as error:
            return (no_answer(error),)

    def _known(self, connection: Connection, emit: Emit) -> Mapping[str, str]:
        """The dataset of each table, by the name by which a foreign key refers to it."""
        found = {}
        for dataset, table in self.tables.items():
            with suppress(SourceChanged):  # another table's name that two schemas hold
                found[self._find(connection, table, emit)] = dataset
        if self._database.is_postgresql:
            return found
        return {table.removeprefix(schemas.MAIN): dataset for table, dataset in found.items()}

    def _find(self, connection: Connection, table: str, emit: Emit) -> str:
        return self._database.find(connection, table, self.tables.values(), emit)

    def _batches(self, table: str, schema: pa.Schema, emit: Emit) -> Iterator[pa.RecordBatch]:
        """Yield one empty batch with the schema, then the rows."""
        from connectors.convert.fit import fit  # its library is needed to read, not to declare

        with self._session(emit) as connection:
            table = self._find(connection, table, emit)
            begin_again = partial(self._database.begin_again, connection, emit)
            with self._named_rights(connection, table, schema.names, emit):
                opened = snapshot.open_snapshot(connection, table, schema, emit, begin_again)
            selected = opened.selected
            yield fit(dict.fromkeys(selected.expressions, ()), schema)
            rows = size = 0
            with closing(snapshot.partitions(connection, table, selected, emit)) as parts:
                while True:
                    with self._named_rights(connection, table, selected.expressions, emit):
                        values = next(parts, None)
                    if values is None:
                        break
                    only_text, no_text = selected.only_text, selected.no_text
                    batch = fit(values, schema, only_text=only_text, no_text=no_text)
                    rows, size = rows + batch.num_rows, size + batch.nbytes
                    yield batch
            witness, unwitnessed = snapshot.judge_count(connection, table, opened, rows, emit)
        emit(Completed(rows=rows, bytes=size, witness=witness, unwitnessed=unwitnessed))

    @contextmanager
    def _named_rights(
        self, connection: Connection, table: str, columns: Collection[str], emit: Emit
    ) -> Iterator[None]:
        """Raise a failure for want of a right with the statement that grants it."""
        try:
            yield
        except (AccessDenied, SourceChanged):
            if self._database.is_postgresql:
                self._database.begin_again(connection, emit)
                usage.require_usage(connection, table, emit)
                usage.require_select(connection, table, columns, emit)
            raise

    def _session(self, emit: Emit) -> AbstractContextManager[Connection]:
        return self._database.session(LogIn(user=self.user, password=self.password), emit)

    def _table(self, dataset: str) -> str:
        if dataset not in self.tables:
            remedy = add_or_correct(dataset, self.tables, "tables")
            raise SourceChanged(f"dataset {dataset} has no table: {remedy}")
        return self.tables[dataset]
