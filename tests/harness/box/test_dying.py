"""A child that dies takes one dataset with it: that is ERROR with the reason, the rest goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from harness.box.client import helper
from harness.ledger.ledger import open_ledger
from harness.run.boxed import boxed
from harness.run.workplace import in_process
from harness.verdict import Outcome
from tests.cli import REPOSITORY
from tests.harness.box.hostile import proven

DEATHS = {
    "segfaults": "Died: the process that read it died, it was ended by signal 11 (SIGSEGV)",
    "is-killed": "Died: the process that read it died, it was ended by signal 9 (SIGKILL)",
    "aborts": "Died: the process that read it died, it was ended by signal 6 (SIGABRT)",
    "leaves-well": "Died: the process that read it died, it ended with exit code 0",
    "leaves-ill": "Died: the process that read it died, it ended with exit code 3",
    "exits": "Died: the process that read it died, it ended with exit code 1",
    "kills-its-helper": "Died: the process that read it died, it ended with the process that had",
    "sends-garbage": "Died: the process that read it sent what is no message of ours",
    "sends-too-much": "Died: the process that read it sent what is no message of ours",
    "forges": "Died: the process that read it sent what is no message of ours",
    "dies_when_judged": "Died: the process that read it died, it was ended by signal 11 (SIGSEGV)",
}


@pytest.mark.attempt(4)
@pytest.mark.parametrize("deed", DEATHS)
def test_what_kills_a_child_is_an_error_of_its_dataset_alone(tmp_path: Path, deed: str) -> None:
    """The control is below: without a box, the run dies."""
    found = proven(tmp_path, deed)
    assert found.why(deed).startswith(DEATHS[deed])
    assert found.outcomes(deed) == {Outcome.ERROR}
    assert found.outcomes("before") == found.outcomes("after") == {Outcome.PROVEN}


def test_what_was_heard_of_a_dataset_before_its_child_died_is_in_its_reading(
    tmp_path: Path,
) -> None:
    reading = proven(tmp_path, "segfaults").reading("segfaults")
    assert (reading.rows, reading.attempts) == (1_000, 1)
    assert reading.sha256 is None
    assert reading.witness is None


@pytest.mark.parametrize("deed", ["segfaults", "is-killed", "aborts", "leaves-well"])
def test_without_a_box_the_run_dies_with_it(tmp_path: Path, deed: str) -> None:
    """The control of the attempts above: no verdict of any dataset, and the run stays RUNNING."""
    ended = subprocess.run(
        [sys.executable, "-m", "tests.harness.box.hostile", tmp_path, deed],
        cwd=REPOSITORY,
        capture_output=True,
    )
    numbers = {"segfaults": -signal.SIGSEGV, "is-killed": -signal.SIGKILL, "leaves-well": 0}
    assert ended.returncode == numbers.get(deed, -signal.SIGABRT)
    assert not (tmp_path / "out" / "verdicts.json").exists()
    with open_ledger(tmp_path / "out" / "ledger.sqlite") as ledger:
        [run] = {entry.run for entry in ledger.entries()}
        assert ledger.state(run) == "RUNNING"


@pytest.mark.attempt(4)
def test_a_probe_that_kills_its_child_is_a_fact_and_every_dataset_is_read(tmp_path: Path) -> None:
    (tmp_path / "dies_when_probed").touch()
    found = proven(tmp_path, claims=("least_privilege", "complete"))
    assert found.probed.failure is not None
    assert "SIGSEGV" in found.probed.failure.message
    assert found.outcomes("before") == found.outcomes("after") == {Outcome.PROVEN}


@pytest.mark.parametrize("workplace", [boxed, in_process])
def test_what_does_no_harm_is_proven_in_a_box_and_without(tmp_path: Path, workplace) -> None:
    found = proven(tmp_path, "harmless", workplace=workplace)
    assert {j.verdict.outcome for j in found.result.judged} == {Outcome.PROVEN}


def test_no_child_is_left(tmp_path: Path) -> None:
    proven(tmp_path, "segfaults")
    pid = helper("harness.run.child").pid
    assert not Path(f"/proc/{pid}/task/{pid}/children").read_text()
