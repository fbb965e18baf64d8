"""The one door to PostgreSQL: every connection of ours is made here.

    source ─ reading_engine ─┐
    ledger ─ writing_engine ─┼─▶ libpq.settings, no environment ─▶ psycopg
    storage ─ url_for_dagster┘                                  └▶ a URL for Dagster's psycopg2

Beyond this machine the server proves its name. A password is sent by SCRAM or not at all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa
from psycopg import generators, pq, waiting
from psycopg.abc import PQGen
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq.abc import PGresult
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DBAPIError

from connectors.errors import AccessDenied
from connectors.sql import attempts, libpq
from connectors.sql.dialect import SILENT, silent
from connectors.sql.timeouts import BRIEFLY, Timeouts
from connectors.sql.url import other_database

_Answer = TypeVar("_Answer")
_Session = TypeVar("_Session", bound="psycopg.Connection[Any]")
_POLL_SECONDS = 0.1
_IN_A_URL = ("user", "password", "host", "port", "dbname", *libpq.TLS)
_IN_A_LEDGERS_URL = (*_IN_A_URL, "options", "target_session_attrs")


class TimeLimitedConnection(psycopg.Connection[Any]):
    """Closes itself and raises OperationalError if an answer takes longer than `seconds`.

    The server's own limits end slow statements. A server, relay or pooler that disappears silently
    ends nothing, and its kernel may still acknowledge what we send.
    """

    seconds: float | None = BRIEFLY
    """None for no limit."""
    limits = Timeouts()

    def wait(
        self, gen: PQGen[_Answer], interval: float = _POLL_SECONDS, timeout: float | None = None
    ) -> _Answer:
        """As psycopg's, for `seconds` at most."""
        try:
            return super().wait(gen, interval, timeout or self.seconds)
        except psycopg.OperationalError as error:
            if error.sqlstate is None:  # no server answered, and we no longer wait for one
                self.close()
            raise

    def begin_copy(self, statement: str) -> None:
        """Send a COPY … TO STDOUT, and what stands before it."""
        self._is_sending = False
        self.pgconn.send_query(statement.encode())
        self.wait(generators.send(self.pgconn))

    def copied(
        self, lines: int, size: int, waits_on: Callable[[int], bool]
    ) -> tuple[bytearray, int, bool]:
        """The next lines of the COPY, as many or as large in all as said; how many they are, and
        whether the last. `waits_on` is asked again and again while nothing is there, with how many
        have come.
        """
        return self.wait(self._copied(lines, size, waits_on))

    def _copied(
        self, lines: int, size: int, waits_on: Callable[[int], bool]
    ) -> PQGen[tuple[bytearray, int, bool]]:
        block, have = bytearray(), 0
        while have < lines and len(block) < size:
            length, line = self.pgconn.get_copy_data(1) if self._is_sending else self._first()
            if length > 0:
                block += line
                have += 1
            elif length < 0:
                results = yield from generators.fetch_many(self.pgconn)
                _require_end([self._begun, *results] if self._begun else results)
                return block, have, True
            elif not waits_on(have):
                break
            elif (yield waiting.WAIT_R):
                self.pgconn.consume_input()
        return block, have, False

    def _first(self) -> tuple[int, memoryview]:
        """As get_copy_data: the server says only with the first lines that it sends any."""
        while not self._is_sending:
            if self.pgconn.is_busy():
                return 0, memoryview(b"")
            self._begun = self.pgconn.get_result()
            if self._begun is None or self._begun.status == pq.ExecStatus.FATAL_ERROR:
                return -1, memoryview(b"")
            self._is_sending = self._begun.status == pq.ExecStatus.COPY_OUT
        return self.pgconn.get_copy_data(1)


def reading_engine(url: URL, *, pool: Mapping[str, Any], connect_seconds: int) -> sa.Engine:
    """An engine with read-only connections, whose time limit is brief between readings. Raises
    AccessDenied if the environment would change the log-in.
    """
    given = {**url.translate_connect_args(username="user", database="dbname"), **url.query}
    settings = _log_in({name: str(value) for name, value in given.items()}, "seatrial")
    engine = sa.create_engine(
        silent(url),
        **pool,
        hide_parameters=True,
        isolation_level="REPEATABLE READ",
        connect_args={
            **settings,
            "connect_timeout": connect_seconds,
            # A pooler between us and the server may hand the next transaction to another session.
            "prepare_threshold": None,
        },
    )
    sa.event.listen(engine, "do_connect", _connect_read_only)
    sa.event.listen(engine, "checkin", _reset_limit)
    return engine


def writing_engine(text: str, *, application: str) -> sa.Engine:
    """An engine with one connection, which is never reconnected. `text` is a URL, or libpq's
    `name=value` form. Raises ValueError or AccessDenied, as `_given` and `_log_in` do.
    """
    settings = _log_in(_given(text), application)

    @cache
    def session() -> psycopg.Connection:
        return _show_password_once(psycopg.connect, settings)

    return sa.create_engine(
        f"postgresql+{SILENT}://",
        creator=session,
        poolclass=sa.StaticPool,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
    )


def url_for_dagster(text: str, *, options: str) -> str:
    """The URL with all settings in it, for the driver whose errors Dagster handles."""
    settings = _log_in({**_given(text), "options": options}, "seatrial dagster")
    return URL.create(
        "postgresql+psycopg2",
        username=settings.pop("user", None),
        password=settings.pop("password", None),
        database=settings.pop("dbname", None),
        query=settings,
    ).render_as_string(hide_password=False)


def without_variables(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what libpq would add to a URL for Dagster."""
    left_out = _added({*_IN_A_LEDGERS_URL, *_completed({}, "")}) | {
        "PGSERVICEFILE",
        "PGSYSCONFDIR",
    }
    return {name: value for name, value in environ.items() if name not in left_out}


def end(engine: sa.Engine) -> None:
    """End its sessions; one that a reading still uses ends when the reading returns it."""
    sa.event.listen(engine.pool, "checkin", lambda _, record: record.invalidate())
    engine.dispose()


def used_password(connection: Connection) -> bool:
    """Whether the server requested the password and accepted it."""
    driver = connection.connection.driver_connection
    return driver is not None and bool(driver.pgconn.used_password)


def showed_password(error: BaseException | None) -> bool:
    """Whether a log-in failed after the server had asked for the password."""
    return bool(getattr(getattr(error, "pgconn", None), "used_password", False))


def limit_wait(connection: Connection, limits: Timeouts) -> None:
    """Wait for an answer as long as a statement may take, and briefly longer for the server's own
    time-out error. 0 seconds means no limit.
    """
    below = driver(connection)
    below.limits, seconds = limits, limits.statement_seconds
    below.seconds = seconds + BRIEFLY if seconds else None


def driver(connection: Connection) -> TimeLimitedConnection:
    """The connection below SQLAlchemy's."""
    below = connection.connection.driver_connection
    assert isinstance(below, TimeLimitedConnection)
    return below


@contextmanager
def as_failed_statement() -> Iterator[None]:
    """Raise the driver's error as SQLAlchemy's, as that of any other statement."""
    try:
        yield
    except psycopg.Error as error:
        raise DBAPIError(None, None, error, hide_parameters=True) from error


def _require_end(results: Sequence[PGresult]) -> None:
    """Raise what ended a COPY before its end."""
    for result in results:
        if result.status == pq.ExecStatus.FATAL_ERROR:
            raise psycopg.errors.error_from_result(result)
    if not results or results[-1].status != pq.ExecStatus.COMMAND_OK:
        raise psycopg.OperationalError("a COPY without an end")


def _given(text: str) -> dict[str, str]:
    """The settings in a URL. Raises ValueError, without any value of it, if it may not be used."""
    if other := other_database(text):
        raise ValueError(
            f"it leads to {other}, and only PostgreSQL is used: write "
            "postgresql://user:password@host/database, or leave it out for a file in --out"
        )
    try:
        parsed = conninfo_to_dict(text.replace("postgresql+psycopg://", "postgresql://", 1))
    except psycopg.ProgrammingError:
        raise ValueError(
            "it leads to no URL of PostgreSQL: write postgresql://user:password@host/database"
        ) from None
    given = {name: str(value) for name, value in parsed.items()}
    if others := sorted(given.keys() - set(_IN_A_LEDGERS_URL)):
        raise ValueError(f"its URL takes no {', '.join(others)}: leave it out")
    if wrong := libpq.problem(given):
        raise ValueError(f"its URL's {wrong}")
    # Whoever listens in place of a ledger would tell us what earlier runs have found.
    return given | ({libpq.REQUIRE_AUTH: libpq.BOTH_PROVEN} if given.get("password") else {})


def _log_in(given: Mapping[str, str], application: str) -> dict[str, str]:
    """Complete the settings. Raises AccessDenied if the environment would add to them: PGSERVICE
    or PGHOSTADDR would change the server.
    """
    settings = _completed(given, application)
    if names := sorted(name for name in _added(settings) if os.environ.get(name)):
        raise AccessDenied(
            f"the environment sets {', '.join(names)}, which would change the log-in: unset it"
        )
    return settings


def _completed(given: Mapping[str, str], application: str) -> dict[str, str]:
    return {
        **libpq.settings(given, trust=libpq.machine_trust()),
        "application_name": application,
        "connect_timeout": "5",
    }


def _added(settings: Collection[str]) -> set[str]:
    """The variables from which libpq would add to these settings."""
    return {
        option.envvar.decode()
        for option in pq.Conninfo.get_defaults()
        if option.envvar and option.keyword.decode() not in settings
    }


def _connect_read_only(
    _dialect: sa.Dialect, _record: object, args: list[Any], settings: dict[str, Any]
) -> TimeLimitedConnection:
    connect = partial(TimeLimitedConnection.connect, *args)
    connection = _show_password_once(connect, settings)
    connection.read_only = True
    return connection


def _show_password_once(connect: Callable[..., _Session], settings: Mapping[str, Any]) -> _Session:
    """Connect in the first of all ways in which a server answers.

    psycopg tries every address of a name, and libpq with TLS and without, also after the password
    was refused: each would count towards a lock of the account.
    """
    *others, last = attempts.attempts(settings)
    for way in others:
        try:
            return connect(**way)
        except psycopg.OperationalError as error:
            if showed_password(error) or attempts.is_answer(str(error)):
                raise
    return connect(**last)


def _reset_limit(connection: TimeLimitedConnection | None, _record: object) -> None:
    if connection is not None:
        connection.seconds = BRIEFLY
