"""One question to an SFTP server: waited for, told, and its failure in our words."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import asyncssh

from connectors.errors import AccessDenied
from connectors.events import Answered, Emit, Refused
from connectors.files.stores.sftp_answers import OK, source_error, status_of

_ANSWER_SECONDS = 300
"""For one listing or one file."""
_T = TypeVar("_T")


def wait(runner: asyncio.Runner, work: Awaitable[_T]) -> _T:
    """What comes of it, in the time that one answer may take."""

    async def in_time() -> _T:
        async with asyncio.timeout(_ANSWER_SECONDS):
            return await work

    return runner.run(in_time())


@contextmanager
def asking(what: str, emit: Emit, size: int = 0) -> Iterator[None]:
    """Tell of one answer, and turn a failure into ours."""
    began = time.perf_counter()
    try:
        yield
    except (asyncssh.Error, OSError) as error:
        failure = source_error(what, error)
        if isinstance(error, asyncssh.SFTPError):
            seconds = time.perf_counter() - began
            status = status_of(error)
            emit(Answered(what=what, status=status, seconds=seconds, bytes=0, attempt=1))
            if isinstance(failure, AccessDenied):
                emit(Refused(what=what, status=status))
        raise failure from error
    seconds = time.perf_counter() - began
    emit(Answered(what=what, status=OK, seconds=seconds, bytes=size, attempt=1))
