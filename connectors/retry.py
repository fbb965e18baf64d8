"""Decides whether, when and how often a request is retried.

Only SourceUnavailable is retried: the same request may succeed later. The request must be safe to
repeat, as reading or requesting a token is.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from tenacity import RetryCallState, Retrying, retry_if_exception_type

from connectors.errors import SourceUnavailable
from connectors.events import Emit, Retried, Waited, WaitReason


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """When to retry a logical request, and when to give up.

    >>> RetryPolicy(attempts=3, seconds=60).backoff_seconds
    0.5
    """

    attempts: int = 5
    seconds: float = 300.0
    """Time limit from the first attempt. A wait that would end later is not started."""
    backoff_seconds: float = 0.5
    """Upper bound of the first wait without Retry-After; it doubles with each further one."""
    backoff_cap_seconds: float = 30.0
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    uniform: Callable[[float, float], float] = random.uniform


def retrying(
    what: str, *, emit: Emit, hold: Callable[[float], None], patience: RetryPolicy
) -> Retrying:
    """Retry `what` while its source is unavailable, after the wait that the source asked for or
    after exponential backoff with full jitter. The last failure is raised unchanged.

    `hold` is called with the seconds of each wait, so that all users of the budget pause.
    """
    started = patience.monotonic()

    def wait(state: RetryCallState) -> float:
        asked = _failure(state).retry_after
        if asked is not None:
            return asked
        ceiling = patience.backoff_seconds * 2.0 ** (state.attempt_number - 1)
        return patience.uniform(0.0, min(ceiling, patience.backoff_cap_seconds))

    def stop(state: RetryCallState) -> bool:
        too_often = state.attempt_number >= patience.attempts
        ends_after = patience.monotonic() - started + state.upcoming_sleep
        return too_often or ends_after > patience.seconds

    def before_sleep(state: RetryCallState) -> None:
        failure = _failure(state)
        why = WaitReason.BACKOFF if failure.retry_after is None else WaitReason.RETRY_AFTER
        hold(state.upcoming_sleep)
        emit(Waited(seconds=state.upcoming_sleep, why=why))
        emit(Retried(what=what, attempt=state.attempt_number + 1, why=str(failure)))

    return Retrying(
        retry=retry_if_exception_type(SourceUnavailable),
        wait=wait,
        stop=stop,
        before_sleep=before_sleep,
        sleep=patience.sleep,
        reraise=True,
    )


def _failure(state: RetryCallState) -> SourceUnavailable:
    error = state.outcome.exception() if state.outcome else None
    assert isinstance(error, SourceUnavailable)  # no other error is retried
    return error
