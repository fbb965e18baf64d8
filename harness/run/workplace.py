"""Where the work on a source's bytes is done: in this process, or in a box (`boxed.py`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeAlias

from harness.run.run import Run, Work
from harness.run.task import Read, Task, Tell
from harness.run.work import count, read

Workplace: TypeAlias = Callable[[], AbstractContextManager[Work]]
"""Open for one run; whatever is still being done ends with the block."""


@contextmanager
def in_process() -> Iterator[Work]:
    """Work in the thread that asks for it, on the run's own connectors."""

    def work(run: Run, task: Task, tell: Tell) -> None:
        if not isinstance(task, Read):
            count(task, tell)
            return
        source = run.config.loaded.source(task.source)
        contracts = {contract.name: contract for contract in source.contracts}
        read(task, run.systems[task.source].connector, contracts, run.config.clock, tell)

    yield work
