"""What the doctor says of its variables is true wherever it stands."""

from __future__ import annotations

from pathlib import Path

from tests.cli import seatrial
from tests.harness.engagement import write

ALONE = "SEATRIAL_PILOT is not set: the pilot here, if it is the only one"


def said(cwd: Path) -> str:
    return " ".join(seatrial(["doctor"], cwd=cwd).out.split())


def test_among_several_pilots_it_does_not_speak_of_the_one(tmp_path: Path) -> None:
    write(tmp_path)
    alone = said(tmp_path)
    assert ALONE in alone
    assert "several pilots here" not in alone
    write(tmp_path)
    several = said(tmp_path)
    assert ALONE in several
    assert "several pilots here, name one" in several
