"""Reads tables of any database that SQLAlchemy supports, each as one snapshot.

On PostgreSQL a reading is one REPEATABLE READ READ ONLY transaction, so the count in it is the
witness of its rows. Readings in `one_session` share one log-in. Other databases have no witness
yet.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DBAPIError

from connectors.capabilities import Described
from connectors.connector import Probe, ProbeKind
from connectors.convert.fit import fit
from connectors.errors import SourceChanged, SourceError
from connectors.events import Authenticated, Completed, Emit, Refused
from connectors.secrets import Secret
from connectors.sql import catalog, describe, libpq, privileges, snapshot, timeouts
from connectors.sql.grant_script import grant_script
from connectors.sql.sqlstate import REFUSED_LOGINS, SUCCESS, source_error, sqlstate
from connectors.sql.url import POSTGRESQL, database_url

_ANEW = MappingProxyType({"poolclass": sa.NullPool})
"""One log-in for each reading."""
_KEPT = MappingProxyType({"pool_size": 1, "max_overflow": -1, "pool_pre_ping": True})
"""One log-in, tested before each reading and renewed if it is gone. Overflow has no limit, because
a cancelled reading may keep the first connection for a while.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """How long we wait for PostgreSQL, and how long it waits for us.

    >>> Timeouts(statement_seconds=900).lock_seconds
    10
    """

    connect_seconds: int = 5
    lock_seconds: float = 10
    statement_seconds: float = 300
    """Includes the time until its answer arrives; 0 for no limit."""
    idle_seconds: float = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Sql:
    """A database. `tables` has the `table` or `schema.table` of each dataset.

    It connects directly, without a proxy: HTTP proxies do not support the protocol. Raises
    ValueError for a URL that is malformed, ambiguous or insecure.

    >>> Sql(
    ...     url="postgresql+psycopg://reader@erp.example:5432/erp",
    ...     password=at.secret("password"),
    ...     tables={"orders": "sales.orders"},
    ... ).endpoint
    'postgresql://erp.example:5432/erp'
    """

    url: str
    """With the user, without the password; `?sslrootcert=/path/ca.pem` names a private CA."""
    password: Secret | None
    tables: Mapping[str, str]
    stranger_allowed: bool = False
    timeouts: Timeouts = field(default_factory=Timeouts)
    _pool: Mapping[str, Any] = field(default_factory=lambda: _ANEW, repr=False, compare=False)
    _url: URL = field(init=False, repr=False, compare=False)
    _engines: dict[URL, sa.Engine] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_url", database_url(self.url))

    @property
    def endpoint(self) -> str:
        """Scheme, host, port and database."""
        bare = self._url.set(drivername=self._url.get_backend_name(), query={})
        return URL.create(
            bare.drivername, host=bare.host, port=bare.port, database=bare.database
        ).render_as_string()

    @property
    def datasets(self) -> Sequence[str]:
        """The datasets that have a table."""
        return tuple(self.tables)

    def describe(self, dataset: str, *, emit: Emit) -> Described:
        """Describe the table from the catalogue."""
        with self._session(emit) as connection:
            return describe.describe_table(connection, self.tables[dataset], emit)

    def log_in(self, *, emit: Emit) -> None:
        """Begin a session with its limits, and end it."""
        with self._session(emit):
            pass

    @contextmanager
    def one_session(self) -> Iterator[Sql]:
        """The same database through one log-in. It ends with the block, or with its
        last reading.
        """
        kept = replace(self, _pool=_KEPT)
        try:
            yield kept
        finally:
            for engine in kept._engines.values():  # noqa: SLF001 - the same class
                timeouts.end(engine)

    def grant_script(self, columns: Mapping[str, Sequence[str]]) -> str:
        """The script that sets the rights of the URL's role. Raises SourceError if it has none."""
        role = self._url.username
        if not self._is_postgresql or role is None:
            raise SourceError(f"{self.endpoint} has no PostgreSQL role to grant anything to")
        wanted = [(self._table(dataset), names) for dataset, names in columns.items()]
        return grant_script(role, self._url.database or role, wanted)

    @property
    def _is_postgresql(self) -> bool:
        return self._url.get_backend_name() == POSTGRESQL

    def read(self, dataset: str, *, schema: pa.Schema, emit: Emit) -> pa.RecordBatchReader:
        """Stream one table. `Completed.bytes` counts the values as Arrow holds them."""
        batches = self._batches(self._table(dataset), schema, emit)
        return pa.RecordBatchReader.from_batches(next(batches).schema, batches)

    def _table(self, dataset: str) -> str:
        if dataset not in self.tables:
            raise SourceChanged(f"dataset {dataset} has no table: add it to `tables`")
        return self.tables[dataset]

    def probe(self, *, emit: Emit) -> Sequence[Probe]:
        """Log in with a random name and password, and look up what our role may do."""
        if not self._is_postgresql:
            return ()
        strangers = [self._stranger(emit)] if self.stranger_allowed else []
        return (*strangers, *self._grants(emit))

    def _grants(self, emit: Emit) -> Sequence[Probe]:
        try:
            with self._session(emit) as connection:
                return privileges.probes(connection, tuple(self.tables.values()), emit)
        except SourceError as error:
            # A separate probe: this failure says nothing about strangers.
            return [
                Probe(
                    kind=ProbeKind.GRANT,
                    name="catalogue",
                    refused=False,
                    status="no answer",
                    detail=str(error),
                )
            ]

    def _stranger(self, emit: Emit) -> Probe:
        name, password = f"stranger_{secrets.token_hex(8)}", secrets.token_hex(16)
        try:
            self._engine(self._url.set(username=name, password=password)).connect().close()
            status = SUCCESS
        except DBAPIError as error:
            status = sqlstate(error)
        refused = status in REFUSED_LOGINS
        if refused:
            emit(Refused(what="log-in of a stranger", status=status))
        detail = "a random login name with a random password"
        return Probe(name="stranger_refused", refused=refused, status=status, detail=detail)

    def _batches(self, table: str, schema: pa.Schema, emit: Emit) -> Iterator[pa.RecordBatch]:
        """Yield one empty batch with the schema, then the rows."""
        with self._session(emit) as connection:
            catalogued = catalog.look_up(connection, table, emit)
            emit(catalogued.declared)
            selected = snapshot.columns(connection, catalogued, table, schema)
            witness, unwitnessed = snapshot.count(connection, table, emit)
            yield fit(dict.fromkeys(selected, ()), schema)
            rows = size = 0
            with closing(snapshot.partitions(connection, table, selected, emit)) as parts:
                for values in parts:
                    batch = fit(values, schema)
                    rows, size = rows + batch.num_rows, size + batch.nbytes
                    yield batch
        emit(Completed(rows=rows, bytes=size, witness=witness, unwitnessed=unwitnessed))

    @contextmanager
    def _session(self, emit: Emit) -> Iterator[Connection]:
        url = self._url
        if self.password is not None:
            url = url.set(password=self.password.reveal())
        try:
            connection = self._connect(url)
        except DBAPIError as error:
            code = sqlstate(error)
            if code in REFUSED_LOGINS:
                emit(Refused(what="log-in", status=code))
            raise source_error(f"log-in to {self.endpoint}", code) from error
        with connection:
            if self._is_postgresql:
                if not connection.info and libpq.used_password(connection):
                    emit(Authenticated(how=f"password of {url.username}", renewed=False))
                connection.info["log-in emitted"] = True
                libpq.limit_wait(connection, self.timeouts.statement_seconds)
                limits = {
                    "lock_timeout": self.timeouts.lock_seconds,
                    "statement_timeout": self.timeouts.statement_seconds,
                    "idle_in_transaction_session_timeout": self.timeouts.idle_seconds,
                }
                snapshot.set_limits(connection, limits, emit)
            yield connection

    def _connect(self, url: URL) -> Connection:
        """Connect through one engine for each URL, which builds its statements only once."""
        if url not in self._engines:
            self._engines[url] = self._engine(url)
        return self._engines[url].connect()

    def _engine(self, url: URL) -> sa.Engine:
        if not self._is_postgresql:
            return sa.create_engine(url, poolclass=sa.NullPool, hide_parameters=True)
        engine = sa.create_engine(
            url,
            **self._pool,
            hide_parameters=True,
            isolation_level="REPEATABLE READ",
            execution_options={"postgresql_readonly": True},
            connect_args=libpq.connect_arguments(url, self.timeouts.connect_seconds),
        )
        timeouts.install(engine)
        return engine
