"""All sources of a run at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable

from harness.run.run import Run
from harness.run.source import prove_source


def prove_sources(run: Run) -> None:
    """Prove each planned source."""
    each_source(run, prove_source)


def each_source(run: Run, do: Callable[[Run, str], object]) -> None:
    """Do it with each planned source in a thread of its own: one slow vendor delays no other.

    The threads are daemons, so Ctrl-C ends the run at once; they only ever read.
    """
    defects: list[BaseException] = []

    def guarded(name: str) -> None:
        try:
            do(run, name)
        except BaseException as error:  # noqa: BLE001 - raised again below, in the main thread
            defects.append(error)

    names = dict.fromkeys(p.source for p in run.config.planned)
    threads = [threading.Thread(target=guarded, args=(n,), name=n, daemon=True) for n in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        # In short waits: with polars imported, Ctrl-C does not end a join without a time-out.
        while thread.is_alive():
            thread.join(0.2)
    if defects:
        raise defects[0]
