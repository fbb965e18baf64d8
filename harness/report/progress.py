"""Shows a run's progress: bars on a terminal, plain lines elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress as Bars
from rich.progress import SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from harness.progress import WAITING, Progress
from harness.say import visible

ENDED = frozenset({"read", "asked", "failed", "done"})


@contextmanager
def show_progress(console: Console) -> Iterator[Progress]:
    """Yield the callback for a run's progress. The bars disappear at the end."""
    if console.is_terminal:
        with Bars(
            SpinnerColumn(finished_text="•"),
            TextColumn("{task.description:<24}", markup=False),
            TextColumn("{task.fields[stage]:<9}", markup=False),
            TextColumn("{task.fields[rows]:>12}", markup=False),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        ) as bars:
            yield _bars(bars)
    else:
        yield _lines(console)


def _bars(bars: Bars) -> Progress:
    tasks: dict[tuple[str, str | None], TaskID] = {}
    lock = threading.Lock()

    def progress(source: str, dataset: str | None, stage: str, rows: int) -> None:
        if dataset is None:
            return
        with lock:
            if (source, dataset) not in tasks:
                name = visible(f"{source}.{dataset}")
                tasks[source, dataset] = bars.add_task(name, total=1, stage="", rows="")
            task, completed = tasks[source, dataset], int(stage in ENDED)
            bars.update(task, stage=stage, completed=completed)
            if stage != WAITING:
                bars.update(task, rows=f"{rows:,} rows")

    return progress


def _lines(console: Console) -> Progress:
    started = time.monotonic()
    stages: dict[tuple[str, str | None], str] = {}
    lock = threading.Lock()

    def progress(source: str, dataset: str | None, stage: str, rows: int) -> None:
        with lock:
            if stages.get((source, dataset)) == stage or stage == "judging":
                return
            stages[source, dataset] = stage
            name = source if dataset is None else f"{source}.{dataset}"
            count = f", {rows:,} rows" if stage in ("read", "failed") else ""
            seconds = time.monotonic() - started
            console.print(Text(visible(f"  {seconds:6.1f} s  {name}: {stage}{count}")))

    return progress
