"""Signals that end us: as an exception, so that all that was begun is ended on the way out.

What must not be cut is done whole (`held`), and a second signal does not cut short what the first
one began: people press Ctrl-C twice, and a shell that closes sends two kinds.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_HEARD_ONCE_IN_SECONDS = 10.0
"""As long as an end may take. Whoever then still wants us to end is heard again."""


def end_by_exception() -> None:
    """Raise SystemExit, with the exit code of a shell, for Ctrl-C, SIGTERM and SIGHUP. What was
    ignored before (nohup, a background job) stays ignored.
    """
    heard_at = -_HEARD_ONCE_IN_SECONDS

    def end(number: int, _frame: FrameType | None) -> None:
        nonlocal heard_at
        if time.monotonic() - heard_at < _HEARD_ONCE_IN_SECONDS:
            return
        heard_at = time.monotonic()
        raise SystemExit(128 + number)

    for number in _ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, end)


@contextmanager
def held() -> Iterator[None]:
    """Do all of this block; whoever listens to signals, we or Dagster, hears those that come
    meanwhile at its end. Outside of the main thread none is heard anyway.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[tuple[int, FrameType | None]] = []
    listening = {
        number: handler for number in _ENDING if callable(handler := signal.getsignal(number))
    }
    for one in listening:
        signal.signal(one, lambda number, frame: came.append((number, frame)))
    try:
        yield
    finally:
        for one, handler in listening.items():
            signal.signal(one, handler)
        for number, frame in came:
            listening[signal.Signals(number)](number, frame)
