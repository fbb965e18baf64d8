"""Where the work on a source's bytes is done: in this process, or in a box (`boxed.py`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeAlias

from harness.run.run import Run, Work
from harness.run.task import AskColumns, Count, Task, Tell
from harness.run.work import ask_columns, count, read

Workplace: TypeAlias = Callable[[], AbstractContextManager[Work]]
"""Open for one run; whatever is still being done ends with the block."""


@contextmanager
def in_process() -> Iterator[Work]:
    """Work in the thread that asks for it, on the run's own connectors."""

    def work(run: Run, task: Task, tell: Tell) -> None:
        if isinstance(task, Count):
            count(task, tell)
            return
        connector, clock = run.systems[task.source].connector, run.config.clock
        if isinstance(task, AskColumns):
            ask_columns(task, connector, clock, tell)
            return
        source = run.config.loaded.source(task.source)
        contracts = {contract.name: contract for contract in source.contracts}
        read(task, connector, contracts, clock, tell)

    yield work
