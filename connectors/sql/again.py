"""Begins a reading again whose session or snapshot the server ended.

A new snapshot has other rows than the one that was lost. So nothing of it is continued: lock,
count and rows are taken anew.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from connectors.errors import SourceError
from connectors.events import Emit
from connectors.retry import RetryPolicy, retrying
from connectors.sql.sqlstate import SnapshotLost

T = TypeVar("T")


def patience() -> RetryPolicy:
    """Waits long enough for a server to start again. No time limit of its own, as a table may be
    read for hours before it is lost: the limits of the reading hold.
    """
    return RetryPolicy(seconds=float("inf"), backoff_seconds=4.0)


def until_whole(what: str, read: Callable[[], T], emit: Emit, policy: RetryPolicy) -> T:
    """What `read` returns; called again while it raises SnapshotLost, as `policy` allows. Raises
    any other error of `read` at once.
    """
    results: list[T] = []
    answers: list[SourceError] = []

    def once() -> None:
        try:
            results.append(read())
        except SnapshotLost:
            raise
        except SourceError as error:  # the server answered: asking again is no use
            answers.append(error)

    retrying(what, emit=emit, hold=_alone, patience=policy)(once)
    for answer in answers:
        raise answer
    return results[-1]


def _alone(_: float) -> None:
    """Nobody else shares the session."""
