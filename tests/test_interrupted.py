"""Faults L01, L08: a run that is killed or told to stop is marked so: its ledger is whole, its
rows are gone. The kill is the twin of the signals: nothing then marks the run but the next one.
"""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from harness.ledger.chain import breaks
from harness.ledger.ledger import open_ledger
from tests.cli import DEMO, HEARING, SEATRIAL, seatrial

CLAIMS = ("--claim", "complete")
PROVE = ("prove", DEMO, "--out", "out", "--dataset", "vendor.prices")


def begun(cwd: Path, environ: dict[str, str]) -> subprocess.Popen[str]:
    """A run that has landed the vendor's first pages and waits for its quota."""
    process = subprocess.Popen(
        [*HEARING, SEATRIAL, *PROVE, *CLAIMS],
        cwd=cwd,
        env={"PATH": "/usr/bin:/bin", "HOME": str(cwd), **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    landed = cwd / "out" / "landed"
    for _ in range(600):
        if any(landed.rglob("*.parquet")) or process.poll() is not None:
            break
        time.sleep(0.1)
    assert process.poll() is None
    return process


def states(cwd: Path) -> list[str]:
    with open_ledger(cwd / "out" / "ledger.sqlite") as ledger:
        assert list(breaks(ledger.entries())) == []
        runs = dict.fromkeys(entry.run for entry in ledger.entries())
        return [str(ledger.state(run)) for run in runs]


def test_the_run_after_a_kill_marks_it_and_finds_the_ledger_whole(
    tmp_path: Path, pilot_environ: dict[str, str]
) -> None:
    process = begun(tmp_path, pilot_environ)
    process.kill()
    process.communicate()
    assert states(tmp_path) == ["RUNNING"]
    assert any((tmp_path / "out" / "landed").rglob("*.parquet"))
    arguments = ["prove", DEMO, "--out", "out", "--dataset", "crm.customers", *CLAIMS]
    ended = seatrial(arguments, cwd=tmp_path, environ=pilot_environ)
    assert ended.code == 0, ended.err
    assert states(tmp_path) == ["INTERRUPTED", "FINISHED"]
    assert not (tmp_path / "out" / "landed").exists()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_run_that_is_told_to_stop_does_so_at_once_and_says_so(
    tmp_path: Path, pilot_environ: dict[str, str], number: signal.Signals, code: int
) -> None:
    process = begun(tmp_path, pilot_environ)
    process.send_signal(number)
    said, _ = process.communicate(timeout=10)
    assert process.returncode == code
    assert "Traceback" not in said
    assert "interrupted" in said
    assert states(tmp_path) == ["INTERRUPTED"]
    assert not (tmp_path / "out" / "landed").exists()
