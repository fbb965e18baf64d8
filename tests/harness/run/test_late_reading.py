"""What a thread learns after its run has ended is written nowhere."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.ledger.ledger import entries, utc_now
from harness.pilot.model import LoadedPilot
from harness.pilot.plan import plan
from harness.run.config import RunConfig
from harness.run.lifecycle import running
from harness.run.run import Run, Work
from harness.run.source import prove_source
from harness.run.task import Done, Message, Task, Tell
from harness.run.workplace import in_process
from tests.harness.acme_layout import Acme

REFUNDS = "web-shop.refunds"


def configured(acme: Acme, loaded: LoadedPilot, out: Path) -> RunConfig:
    """Acme, which keeps its refunds."""
    settings = loaded.settings.model_copy(update={"keep": (REFUNDS,)})
    return RunConfig(
        loaded=dataclasses.replace(loaded, settings=settings),
        environment="dev",
        slot=utc_now().date(),
        planned=plan(loaded.pilot, datasets=[REFUNDS]),
        out=out,
        environ=acme.sources,
    )


def kinds(out: Path) -> list[str]:
    return [entry.kind for entry in entries(out / "ledger.sqlite")]


@contextmanager
def too_late() -> Iterator[Work]:
    """Work in this process, of which each reading is told after the run was interrupted."""

    def work(run: Run, task: Task, tell: Tell) -> None:
        def told(message: Message) -> None:
            if isinstance(message, Done):
                run.state.end("INTERRUPTED", {}, at=utc_now())
            tell(message)

        with in_process() as do:
            do(run, task, told)

    yield work


def test_a_reading_in_time_is_recorded_judged_and_kept(
    acme: Acme, loaded: LoadedPilot, tmp_path: Path
) -> None:
    """The control."""
    with running(configured(acme, loaded, tmp_path), workplace=in_process) as run:
        prove_source(run, "web-shop")
    assert {"reading", "kept", "verdict"} < {*kinds(tmp_path)}
    assert len(list((tmp_path / "data" / REFUNDS).iterdir())) == 1


def test_a_reading_after_the_end_is_not(acme: Acme, loaded: LoadedPilot, tmp_path: Path) -> None:
    with (
        pytest.raises(RuntimeError, match="the run has ended"),
        running(configured(acme, loaded, tmp_path), workplace=too_late) as run,
    ):
        prove_source(run, "web-shop")
    assert kinds(tmp_path)[-1] == "interrupted"
    assert not {"reading", "kept"} & {*kinds(tmp_path)}
    assert not (tmp_path / "data").exists()
    assert not (tmp_path / "landed").exists()


def test_the_log_of_an_interrupted_run_is_closed(
    acme: Acme, loaded: LoadedPilot, tmp_path: Path
) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        running(configured(acme, loaded, tmp_path), workplace=in_process) as run,
    ):
        raise KeyboardInterrupt
    before = run.config.log.read_bytes()
    with pytest.raises((RuntimeError, ValueError)):
        prove_source(run, "web-shop")
    assert run.config.log.read_bytes() == before
    assert kinds(tmp_path)[-1] == "interrupted"
