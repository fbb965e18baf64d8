"""A long wait for a source is shown, and the rows that have come stay."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.console import Console

from connectors.events import Waited, WaitReason
from harness.pilot.model import LoadedPilot
from harness.progress import WAITING
from harness.report.progress import show_progress
from harness.run.lifecycle import running
from harness.run.run import Run, Work
from harness.run.source import prove_source
from harness.run.task import Happened, Task, Tell
from harness.run.workplace import in_process
from tests.harness.acme_layout import Acme
from tests.harness.run.test_late_reading import configured


@pytest.mark.parametrize(("seconds", "told"), [(20.0, True), (5.0, True), (4.9, False)])
def test_a_long_wait_is_a_stage_of_its_dataset(
    acme: Acme, loaded: LoadedPilot, tmp_path: Path, seconds: float, *, told: bool
) -> None:
    @contextmanager
    def after_a_wait() -> Iterator[Work]:
        def work(run: Run, task: Task, tell: Tell) -> None:
            wait = Waited(seconds=seconds, why=WaitReason.BACKOFF)
            tell(Happened(dataset="refunds", event=wait))
            with in_process() as do:
                do(run, task, tell)

        yield work

    seen: list[tuple[str | None, str]] = []
    with running(
        configured(acme, loaded, tmp_path),
        workplace=after_a_wait,
        progress=lambda _, dataset, stage, __: seen.append((dataset, stage)),
    ) as run:
        prove_source(run, "web-shop")
    assert (("refunds", WAITING) in seen) is told
    assert ("refunds", "read") in seen


@pytest.mark.parametrize("terminal", [True, False])
def test_the_rows_that_have_come_stand_while_it_waits(*, terminal: bool) -> None:
    page = io.StringIO()
    with show_progress(Console(file=page, force_terminal=terminal, width=80)) as progress:
        progress("shop", "refunds", "reading", 1_234)
        progress("shop", "refunds", WAITING, 0)
    last = page.getvalue().rpartition(WAITING)[2]
    assert WAITING in page.getvalue()
    assert "1,234 rows" in last if terminal else " 0 rows" not in page.getvalue()
