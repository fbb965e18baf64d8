"""Keeps alive what a secret store gave us for a time, and gives it back at the end.

After a crash nobody does either: tokens and leases end when their own time is over.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_TICK_SECONDS = 1.0


@contextmanager
def kept_alive(renew: Callable[[], None], give_back: Callable[[], None]) -> Iterator[None]:
    """Call `renew` every second while the block runs, whatever else this process waits for."""
    ended = threading.Event()

    def tick() -> None:
        while not ended.wait(_TICK_SECONDS):
            renew()

    thread = threading.Thread(target=tick, name="leases", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        give_back()
