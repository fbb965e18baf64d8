"""One statement to a database: its answer told, its failure turned into ours."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from connectors.errors import AccessDenied
from connectors.events import Answered, Emit, Refused
from connectors.sql.sqlstate import SUCCESS, UNKNOWN, source_error, sqlstate


@contextmanager
def tracked_statement(what: str, emit: Emit) -> Iterator[None]:
    """Tell of one statement's answer, and turn a failure into ours."""
    began = time.perf_counter()
    code = SUCCESS
    try:
        yield
    except DBAPIError as error:
        code = sqlstate(error)
        failure = source_error(what, code)
        if isinstance(failure, AccessDenied):
            emit(Refused(what=what, status=code))
        raise failure from error
    finally:
        if code != UNKNOWN:
            seconds = time.perf_counter() - began
            emit(Answered(what=what, status=code, seconds=seconds, bytes=0, attempt=1))
