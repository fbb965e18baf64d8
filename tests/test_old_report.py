"""After a run that wrote no report, the one of an earlier run says that it is old."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from harness.report import old
from tests.cli import HEARING, SEATRIAL, seatrial
from tests.harness.acme_layout import Acme, lay_out
from tests.harness.dagster_ui import until
from tests.shell import Ended

IS_OLD = "out/acme/report.html is of an earlier run, and says so"


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Acme:
    """Acme, proven once."""
    acme = lay_out(tmp_path_factory.mktemp("once"))
    assert prove(acme).code == 1
    return acme


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A copy of it for one test."""

    acme: Acme

    @property
    def report(self) -> Path:
        return self.acme.elsewhere / "out" / "acme" / "report.html"


@pytest.fixture
def proven(once: Acme, tmp_path: Path) -> Proven:
    shutil.copytree(once.elsewhere, tmp_path / "elsewhere")
    acme = Acme(elsewhere=tmp_path / "elsewhere", sources=once.sources)
    assert not old.is_old(Proven(acme=acme).report.read_text())
    return Proven(acme=acme)


def prove(acme: Acme, *words: str, **environ: str) -> Ended:
    return seatrial(["prove", *words], cwd=acme.elsewhere, environ={**acme.sources, **environ})


def test_a_run_that_writes_its_own_leaves_none_that_is_old(proven: Proven) -> None:
    """The control; also after one that did not."""
    assert prove(proven.acme, "--dataset", "nonsense").code == 2
    assert old.is_old(proven.report.read_text())
    again = prove(proven.acme)
    assert again.code == 1
    assert "earlier run" not in again.out + again.err
    assert not old.is_old(proven.report.read_text())


@pytest.mark.parametrize(
    ("words", "environ"),
    [
        (["--dataset", "nonsense"], {}),
        (["--env", "nonsense"], {}),
        (["--slot", "nonsense"], {}),
        ([], {"ACME_SHOP": ""}),
    ],
    ids=["dataset", "environment", "slot", "variable"],
)
def test_a_run_that_is_refused_leaves_it_marked(
    proven: Proven, words: list[str], environ: dict[str, str]
) -> None:
    ended = prove(proven.acme, *words, **environ)
    assert ended.code == 2
    assert IS_OLD in ended.err
    assert ended.complaint.startswith("seatrial: ")
    assert old.is_old(proven.report.read_text())


@pytest.mark.parametrize("file", ["pilot.py", "pilot.yaml"])
def test_so_does_one_whose_pilot_does_not_load(proven: Proven, file: str) -> None:
    (proven.acme.folder / file).write_text("nonsense: nonsense\n")
    ended = prove(proven.acme)
    assert ended.code == 2
    assert IS_OLD in ended.err
    assert old.is_old(proven.report.read_text())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_so_does_one_that_is_ended_by_a_signal(proven: Proven, number: signal.Signals) -> None:
    """Held up in its middle: the file of one source is a pipe that nobody writes."""
    pipe = proven.acme.elsewhere / "pipe.sqlite"
    os.mkfifo(pipe)
    with subprocess.Popen(
        [*HEARING, SEATRIAL, "prove"],
        cwd=proven.acme.elsewhere,
        env=proven.acme.environ | {"ACME_OUTLET": str(pipe)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        until(lambda: (proven.report.parent / "landed").exists() or process.poll() is not None)
        time.sleep(1)
        assert process.poll() is None, process.communicate()
        process.send_signal(number)
        said, _ = process.communicate(timeout=30)
    assert (IS_OLD in said) is (number != signal.SIGKILL)
    assert old.is_old(proven.report.read_text())


def test_a_report_of_ours_is_not_taken_from_a_run_that_is_about_to_replace_it(
    proven: Proven,
) -> None:
    """Whoever holds the lock of the folder writes in it, and nobody else."""
    with (proven.report.parent / "run.lock").open("r+") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        ended = prove(proven.acme, "--dataset", "nonsense")
    assert ended.code == 2
    assert not old.is_old(proven.report.read_text())
