"""Decides whether, when and how often a request is retried.

Only SourceUnavailable is retried: the same request may succeed later. The request must be safe to
repeat, as reading or requesting a token is; another one is sent once.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, retry_never

from connectors.breaker import Breaker
from connectors.errors import SourceError, SourceUnavailable
from connectors.events import Emit, Retried, Waited, WaitReason

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """When to retry a logical request, and when to give up. One for each source: its datasets
    share `breaker`.

    >>> RetryPolicy(attempts=3, seconds=60).backoff_seconds
    0.5
    """

    attempts: int = 5
    seconds: float = 300.0
    """Time limit from the first attempt. A wait that would end later is not started."""
    backoff_seconds: float = 0.5
    """Upper bound of the first backoff; it doubles with each further one. A wait that the source
    asks for takes its place if it is longer."""
    backoff_cap_seconds: float = 30.0
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    uniform: Callable[[float, float], float] = random.uniform
    breaker: Breaker = field(default_factory=Breaker, init=False, repr=False, compare=False)
    """What the source's failures allow."""


def retrying(  # noqa: PLR0913 - what a request is, and what all of a source share
    what: str,
    *,
    emit: Emit,
    hold: Callable[[float], None],
    patience: RetryPolicy,
    is_data: bool = True,
    is_safe: bool = True,
) -> Callable[[Callable[[], _T]], _T]:
    """What asks, and asks again while the source is unavailable: after the wait that it asked for
    or exponential backoff with full jitter, whichever is longer. The last failure is raised; where
    the source asked for a longer wait than `patience` allows, that is the first, and says so.

    `hold` is called with the seconds of each wait, so that all users of the budget pause.
    `is_data` is False for what a source may answer while its data are down, such as a log-in;
    `is_safe` for what may have been done although no answer came: it is asked once.
    """
    breaker = patience.breaker

    def ask(request: Callable[[], _T]) -> _T:
        if (wait := breaker.admit(what, now=patience.monotonic())) > 0:
            emit(Waited(seconds=wait, why=WaitReason.BACKOFF))
            patience.sleep(wait)
        try:
            answer: _T = _attempts(what, emit, hold, patience, is_safe=is_safe)(request)
        except SourceUnavailable as failure:
            breaker.failed(failure, now=patience.monotonic())
            raise
        except SourceError:
            breaker.answered()
            raise
        if is_data:
            breaker.answered()
        return answer

    return ask


def _attempts(
    what: str,
    emit: Emit,
    hold: Callable[[float], None],
    patience: RetryPolicy,
    *,
    is_safe: bool,
) -> Retrying:
    started = patience.monotonic()

    def wait(state: RetryCallState) -> float:
        ceiling = patience.backoff_seconds * 2.0 ** (state.attempt_number - 1)
        backoff = patience.uniform(0.0, min(ceiling, patience.backoff_cap_seconds))
        return max(_failure(state).retry_after or 0.0, backoff)

    def ends_too_late(seconds: float) -> bool:
        return patience.monotonic() - started + seconds > patience.seconds

    def stop(state: RetryCallState) -> bool:
        too_often = state.attempt_number >= patience.attempts
        too_late = ends_too_late(state.upcoming_sleep)
        return too_often or too_late or not patience.breaker.take_retry()

    def before_sleep(state: RetryCallState) -> None:
        failure, seconds = _failure(state), state.upcoming_sleep
        asked = seconds == failure.retry_after
        hold(seconds)
        emit(Waited(seconds=seconds, why=WaitReason.RETRY_AFTER if asked else WaitReason.BACKOFF))
        emit(Retried(what=what, attempt=state.attempt_number + 1, why=str(failure)))

    def give_up(state: RetryCallState) -> Any:
        failure = _failure(state)
        asked = failure.retry_after
        if asked is None or not ends_too_late(asked):
            spent = state.attempt_number < patience.attempts and not patience.breaker.is_open
            if not spent or ends_too_late(state.upcoming_sleep):
                raise failure
            raise SourceUnavailable(
                f"{failure} (not asked again: this source has had ten retries, and one for every "
                "five requests)",
                retry_after=asked,
                answered=failure.answered,
            ) from failure
        raise SourceUnavailable(
            f"{failure} (the source asks for a wait of {asked:,.0f} s, which ends later than "
            f"patience=RetryPolicy(seconds={patience.seconds:g}) allows)",
            retry_after=asked,
            answered=failure.answered,
        ) from failure

    return Retrying(
        retry=retry_if_exception_type(SourceUnavailable) if is_safe else retry_never,
        wait=wait,
        stop=stop,
        before_sleep=before_sleep,
        sleep=patience.sleep,
        retry_error_callback=give_up,
    )


def _failure(state: RetryCallState) -> SourceUnavailable:
    error = state.outcome.exception() if state.outcome else None
    assert isinstance(error, SourceUnavailable)  # no other error is retried
    return error
