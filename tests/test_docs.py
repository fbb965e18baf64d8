"""What the documentation shows works as it stands there."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from harness import pilot
from harness.plan import plan
from tests.cli import REPOSITORY, SEATRIAL
from tests.docs import PAGES, commands, snippets
from tests.shell import run

README = REPOSITORY / "README.md"
ELSEWHERE = {
    "make demo": "tests/test_demo.py runs the command it stands for",
    "make test": "this is it",
}
COMMANDS = sorted({command for page in PAGES for command in commands(page)} - set(ELSEWHERE))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_documented_command_runs_as_it_stands(command: str, tmp_path: Path) -> None:
    environ = {"PATH": f"{SEATRIAL.parent}:/usr/bin:/bin", "SEATRIAL_OUT": str(tmp_path)}
    out = ["--out", str(tmp_path)] if " prove " in command else []
    ended = run([*shlex.split(command), *out], cwd=REPOSITORY, environ=environ)
    assert ended.code == 0, ended.out + ended.err


def test_the_readmes_pilot_loads_and_plans(tmp_path: Path) -> None:
    folder = tmp_path / "acme"
    folder.mkdir()
    (python,) = snippets(README, "python")
    (settings,) = snippets(README, "yaml")
    (folder / "pilot.py").write_text(python)
    (folder / "pilot.yaml").write_text(settings)
    engagement = pilot.load(folder)
    assert {planned.claim for planned in plan(engagement.pilot)} == {
        "authenticated", "owned", "complete", "conforms", "fresh", "arrives",
    }  # fmt: skip
