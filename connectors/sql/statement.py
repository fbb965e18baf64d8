"""Emits the answer of each statement to a database, and raises its failure as our error."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from connectors.errors import AccessDenied
from connectors.events import Answered, Emit, Refused
from connectors.sql.sqlstate import SUCCESS, UNKNOWN, sqlstate, statement_failure


@contextmanager
def tracked_statement(what: str, emit: Emit) -> Iterator[None]:
    """Emit one statement's answer, and a refusal. Raises SourceError for a failure."""
    try:
        with timed_statement(what, emit):
            yield
    except DBAPIError as error:
        failure = statement_failure(what, error)
        if isinstance(failure, AccessDenied):
            emit(Refused(what=what, status=sqlstate(error)))
        raise failure from error


@contextmanager
def timed_statement(what: str, emit: Emit) -> Iterator[None]:
    """Emit one statement's answer, if the server gave one. The driver's error passes through."""
    began = time.perf_counter()
    code = SUCCESS
    try:
        yield
    except DBAPIError as error:
        code = sqlstate(error)
        raise
    finally:
        if code != UNKNOWN:
            seconds = time.perf_counter() - began
            emit(Answered(what=what, status=code, seconds=seconds, bytes=0, attempt=1))


@contextmanager
def tracked_statements(connection: Connection, what: str, emit: Emit) -> Iterator[None]:
    """Emit the answer of each statement that the block sends, however many a library makes of it.
    Raises SourceError for a failure.
    """
    since = time.perf_counter()

    def answered(*_: object) -> None:
        nonlocal since
        now = time.perf_counter()
        emit(Answered(what=what, status=SUCCESS, seconds=now - since, bytes=0, attempt=1))
        since = now

    sa.event.listen(connection, "after_cursor_execute", answered)
    try:
        yield
    except DBAPIError as error:
        with tracked_statement(what, emit):
            raise error from None
    finally:
        sa.event.remove(connection, "after_cursor_execute", answered)
