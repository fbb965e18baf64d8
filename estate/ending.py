"""Signals that end us become exceptions, so that everything started is stopped on the way out."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from estate.process import EstateError

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(slots=True)
class Ending:
    """Raises a signal's exception at once, or after a block that must not be interrupted."""

    _held: bool = False
    _asked: int | None = None

    def arrived(self, number: int, _frame: FrameType | None) -> None:
        """Handle one signal; the first one counts."""
        self._asked = self._asked or number
        self._raise()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nothing is cut short in here: a server is started and known, or all are stopped."""
        self._held = True
        try:
            yield
        finally:
            self._held = False
            self._raise()

    def _raise(self) -> None:
        if self._asked is None or self._held:
            return
        number, self._asked = self._asked, None
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)  # as a shell reports an end by signal


@contextmanager
def ended_by_signals() -> Iterator[Ending]:
    """Listen to Ctrl-C, SIGTERM and SIGHUP; what was ignored before (nohup) stays ignored."""
    if threading.current_thread() is not threading.main_thread():
        raise EstateError("start the estate from the main thread: its servers live as long")
    ending = Ending()
    before = {
        number: signal.signal(number, ending.arrived)
        for number in SIGNALS
        if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        yield ending
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
