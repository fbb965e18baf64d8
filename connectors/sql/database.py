"""One database: its engines, and its sessions with their time limits."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DBAPIError

from connectors.errors import AccessDenied, SourceError
from connectors.events import Authenticated, Emit, Refused
from connectors.host_names import find_out, unknown_host
from connectors.secrets import is_another, present
from connectors.sql import door, libpq, names, opening
from connectors.sql.log_in import LogIn
from connectors.sql.sqlstate import (
    NO_ADDRESS,
    REFUSED_LOGINS,
    SUCCESS,
    UNKNOWN,
    source_error,
    sqlstate,
)
from connectors.sql.timeouts import Timeouts
from connectors.sql.url import POSTGRESQL

EACH_READING = MappingProxyType({"poolclass": sa.NullPool})
"""One log-in for each reading."""
ONE_SESSION = MappingProxyType({"pool_size": 1, "max_overflow": -1, "pool_pre_ping": True})
"""One log-in, tested before each reading and renewed if it is gone. Overflow has no limit, because
a cancelled reading may keep the first connection for a while.
"""


@dataclass(slots=True)
class LogIns:
    """What became of the log-ins of our own user. All that shares a connector shares it."""

    accepted: bool = False
    """Whether the server has taken a password."""
    refusal: AccessDenied | None = None
    """Why it let us in no more: a second try could lock the account."""
    replaced: bool = False
    """Whether what it had taken was replaced, and what is there now was not taken yet."""

    def begin_anew(self) -> None:
        """What is there now has been neither taken nor refused."""
        self.accepted, self.refusal, self.replaced = False, None, True


class Database:
    """A database at a URL. The constructor does not connect."""

    def __init__(
        self,
        url: URL,
        limits: Timeouts,
        *,
        pool: Mapping[str, Any] = EACH_READING,
        history: LogIns | None = None,
    ) -> None:
        self.url = url
        self.is_postgresql = url.get_backend_name() == POSTGRESQL
        self._limits = limits
        self._pool = pool
        self._engines: dict[URL, sa.Engine] = {}
        self._holders: dict[str, Sequence[str]] = {}
        self._history = history or LogIns()

    @property
    def endpoint(self) -> str:
        """Scheme, host, port and database, without user."""
        return URL.create(
            self.url.get_backend_name(),
            host=self.url.host,
            port=self.url.port,
            database=self.url.database,
        ).render_as_string()

    def in_one_session(self) -> Database:
        """The same database through one log-in."""
        return Database(self.url, self._limits, pool=ONE_SESSION, history=self._history)

    @contextmanager
    def session(self, who: LogIn, emit: Emit) -> Iterator[Connection]:
        """A session with its time limits. Emits log-ins and refusals; raises SourceError. Once our
        user was refused, it is not tried again, and the refusal is raised again.
        """
        connection = self._log_in(who, emit)
        try:
            if self.is_postgresql:
                self._prepare(connection, emit)
            yield connection
        finally:
            _close(connection)

    def _log_in(self, who: LogIn, emit: Emit) -> Connection:
        """A connection by what the secrets are now. Where they were replaced between that moment
        and the server's refusal, and it had let us in before, once more with the new ones.
        """
        if self._history.refusal is not None:
            raise AccessDenied(str(self._history.refusal))
        shown = present(who)
        try:
            return self._connect(shown.at(self.url))
        except DBAPIError as error:
            failure = self._refused(error, emit)
            if not isinstance(failure, AccessDenied):
                raise failure from error
            self._history.refusal = failure
            if not self._history.accepted or not is_another(anew := present(who), shown):
                raise failure from error
        self._history.begin_anew()
        return self._log_in(anew, emit)

    def try_log_in(self, name: str, password: str) -> str:
        """The SQLSTATE of a log-in without our certificate; a session that succeeds is closed at
        once.
        """
        theirs = self.url.difference_update_query([libpq.CERTIFICATE, libpq.KEY])
        try:
            self._engine(theirs.set(username=name, password=password)).connect().close()
        except DBAPIError as error:
            return sqlstate(error)
        return SUCCESS

    def end(self) -> None:
        """End all sessions; one that a reading still uses ends with that reading."""
        for engine in self._engines.values():
            door.end(engine)

    def _refused(self, error: DBAPIError, emit: Emit) -> SourceError:
        """Why a log-in failed. A server that asked for the password, and whose words we do not
        know, may have refused it in another language.
        """
        code, what = sqlstate(error), f"log-in to {self.endpoint}"
        if code in REFUSED_LOGINS:
            emit(Refused(what="log-in", status=code))
        if code == NO_ADDRESS and find_out(host := self.url.host or ""):
            return unknown_host(what, host=host, setting="url of Sql(…)")
        if code == UNKNOWN and door.showed_password(error.orig):
            return AccessDenied(
                f"{what}: the server asked for the password, and then let us not in: check the "
                "user in url of Sql(…), password, and the server's log"
            )
        return source_error(what, code, also=", and host and port in url of Sql(…)")

    def _prepare(self, connection: Connection, emit: Emit) -> None:
        if not connection.info and door.used_password(connection):
            user = self.url.username or "the secret user"
            emit(Authenticated(how=f"password of {user}", renewed=self._history.replaced))
            self._history.accepted, self._history.replaced = True, False
        connection.info["log-in emitted"] = True
        door.limit_wait(connection, self._limits)
        self._set_limits(connection, emit)

    def find(self, connection: Connection, table: str, beside: Iterable[str], emit: Emit) -> str:
        """The table as `schema.table`. All bare names are looked up together, once, and in a
        transaction of their own, because a table's lock comes before its snapshot.

        Raises SourceChanged for a bare name that two schemas hold.
        """
        if not self.is_postgresql or "." in table:
            return table
        if table not in self._holders:
            bare = sorted({name for name in (table, *beside) if "." not in name})
            self._holders.update(names.holders(connection, bare, emit))
            self.begin_again(connection, emit)
        return names.with_schema(table, self._holders)

    def begin_again(self, connection: Connection, emit: Emit) -> None:
        """End the transaction and begin another, with the same limits."""
        connection.rollback()
        if self.is_postgresql:
            self._set_limits(connection, emit)

    def _set_limits(self, connection: Connection, emit: Emit) -> None:
        limits = {
            "lock_timeout": self._limits.lock_seconds,
            "statement_timeout": self._limits.statement_seconds,
            "idle_in_transaction_session_timeout": self._limits.idle_seconds,
        }
        opening.set_limits(connection, limits, emit)

    def _connect(self, url: URL) -> Connection:
        """Connect through one engine for each URL, which builds its statements only once."""
        if url not in self._engines:
            self._engines[url] = self._engine(url)
        return self._engines[url].connect()

    def _engine(self, url: URL) -> sa.Engine:
        if not self.is_postgresql:
            return _sqlite_engine(url)
        return door.reading_engine(
            url, pool=self._pool, connect_seconds=self._limits.connect_seconds
        )


def _close(connection: Connection) -> None:
    """Also where the server has ended the session meanwhile: what came before holds."""
    with suppress(DBAPIError):
        connection.close()
    if not connection.closed:
        connection.invalidate()
        connection.close()


def _sqlite_engine(url: URL) -> sa.Engine:
    """Opens the file to read alone: a file that is missing is not made."""
    file = f"{Path(url.database or '').absolute().as_uri()}?mode=ro"
    return sa.create_engine(
        url,
        poolclass=sa.NullPool,
        hide_parameters=True,
        creator=lambda: sqlite3.connect(file, uri=True, check_same_thread=False),
    )
