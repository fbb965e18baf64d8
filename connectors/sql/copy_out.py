"""Receives a COPY … TO STDOUT in blocks, by a thread of its own while the last ones are typed.

server ─ lines ─▶ thread: blocks of some MB, two ahead ─▶ our own thread: Arrow, exact types

The statement may take as long as it sends rows. The time-out of statements is our own here, and
counts while nothing comes: then the statement is cancelled. Where it is we that take no rows, the
server's kernel ends the session, also while our process stands still.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from connectors.events import Emit, Event
from connectors.sql import door
from connectors.sql.sqlstate import SnapshotLost, source_error
from connectors.sql.statement import tracked_statement
from connectors.sql.timeouts import BRIEFLY, Timeouts
from connectors.worker import Worker

BLOCK_BYTES = 4 << 20
"""Of the lines that are typed at a time; a longer line is a block of its own."""
BLOCK_LINES = 1 << 16
"""So that short lines take no more memory than long ones."""
_AHEAD = 2
"""Blocks that are received, or under way, while one is typed."""
_TOGETHER_SECONDS = 1.0
"""How long a line that has come waits for others."""
_TCP_USER_TIMEOUT = (12,)
"""The first version that has the setting."""
_IDLE = "25P03"


def blocks(
    connection: Connection, select: str, what: str, emit: Emit
) -> Generator[Lines, None, None]:
    """Yield what COPY writes for `select`, told as `what`. Raises SourceError."""
    copy = _Copy(connection, select)
    told: list[Event] = []
    ended = threading.Event()

    def receive(_: int) -> Lines | None:
        if copy.is_over:
            return None
        with tracked_statement(what, told.append):
            return copy.block()

    worker = Worker(receive, last=ended.set)
    idle = 0.0
    try:
        for number in range(_AHEAD):
            worker.begin(number)
        while True:
            block = worker.outcome(seconds=threading.TIMEOUT_MAX)
            while told:
                emit(told.pop(0))
            if isinstance(block, SnapshotLost) and copy.ends_idle(idle):
                raise source_error(what, _IDLE) from block
            if isinstance(block, BaseException):
                raise block
            if block is None or not block.rows:
                return
            began = time.monotonic()
            yield block
            idle = max(idle, time.monotonic() - began)
            worker.begin(0)
    finally:
        copy.stop()
        worker.leave()
        ended.wait()
        copy.end()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Some rows in CSV."""

    text: bytearray
    rows: int
    """By the protocol, which sends each as one message (PostgreSQL manual, 54.2.6)."""


class _Copy:
    """One COPY. One thread at a time may use it, but for `stop`."""

    def __init__(self, connection: Connection, select: str) -> None:
        self._connection = connection
        self._driver = door.driver(connection)
        self._statement = (
            f"{_settings(connection, self._driver.limits)}; COPY ({select}) TO STDOUT (FORMAT csv)"
        )
        self._seconds = self._driver.limits.statement_seconds or float("inf")
        self._stopped = threading.Event()
        self._is_begun = self._has_ended = False

    @property
    def is_over(self) -> bool:
        """Whether no more lines are to come."""
        return self._has_ended or self._stopped.is_set()

    def block(self) -> Lines:
        """The next lines; none only at the end. Raises DBAPIError."""
        try:
            with door.as_failed_statement():
                if not self._is_begun:
                    self._is_begun = True
                    self._driver.begin_copy(self._statement)
                text, rows, self._has_ended = self._driver.copied(
                    BLOCK_LINES, BLOCK_BYTES, self._waits_on()
                )
        except DBAPIError:
            self._has_ended = True
            raise
        return Lines(text=text, rows=rows)

    def ends_idle(self, seconds: float) -> bool:
        """Whether the server ends a session for which nobody takes rows for so long."""
        return 0 < self._driver.limits.idle_seconds <= seconds

    def stop(self) -> None:
        """Let `block` wait no longer."""
        self._stopped.set()

    def end(self) -> None:
        """Leave the connection so that it may be used again, or closed."""
        if self._is_begun and not self._has_ended:
            with suppress(DBAPIError), door.as_failed_statement():
                self._driver.cancel_safe(timeout=BRIEFLY)
                self._pass_over(time.monotonic() + BRIEFLY)
        if self._driver.closed:
            self._connection.invalidate()

    def _waits_on(self) -> Callable[[int], bool]:
        """Whether to wait for lines that are not there. It cancels what takes too long: the
        server then says so, or `copied` ends the wait for its answer.
        """
        began = time.monotonic()
        came: float | None = None
        is_cancelled = False

        def waits_on(lines: int) -> bool:
            nonlocal came, is_cancelled
            now = time.monotonic()
            came = came or (now if lines else None)
            if came is None and now > began + self._seconds and not is_cancelled:
                is_cancelled = True
                self._driver.cancel_safe(timeout=BRIEFLY)
            return not self._stopped.is_set() and (came is None or now < came + _TOGETHER_SECONDS)

        return waits_on

    def _pass_over(self, end: float) -> None:
        """Receive what is still on its way, or close the connection."""
        while time.monotonic() < end:
            _, _, is_over = self._driver.copied(
                BLOCK_LINES, BLOCK_BYTES, lambda _: time.monotonic() < end
            )
            if is_over:
                return
        self._driver.close()


def _settings(connection: Connection, limits: Timeouts) -> str:
    """What holds until the transaction ends. One process of the server is enough, as for any of
    our readings: a cursor has no more.
    """
    settings = {"statement_timeout": 0, "max_parallel_workers_per_gather": 0}
    version = connection.dialect.server_version_info
    if version is not None and version >= _TCP_USER_TIMEOUT:
        settings["tcp_user_timeout"] = round(limits.idle_seconds * 1000)
    return "; ".join(f"SET LOCAL {name} = '{value}'" for name, value in settings.items())
