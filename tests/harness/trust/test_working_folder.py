"""The command takes no code and no variables from the folder it is started in.

Each attempt has its control: Python itself, started there, does.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli import seatrial
from tests.shell import run

PLANT = "import pathlib\npathlib.Path(__file__).with_name('ran').touch()\n"


@pytest.mark.attempt(6)
@pytest.mark.parametrize("started", ["seatrial", "python"])
@pytest.mark.parametrize(
    "name",
    ["seatrial", "seatrial_command", "typer", "rich", "yaml", "pandas", "estate", "dotenv"],
)
def test_no_module_of_the_working_folder_is_imported(
    tmp_path: Path, name: str, started: str
) -> None:
    """Neither in place of ours or a library's nor where a library looks whether one is there."""
    (tmp_path / f"{name}.py").write_text(PLANT)
    if started == "python":
        run([sys.executable, "-c", f"import {name}"], cwd=tmp_path, environ={})
        assert (tmp_path / "ran").exists()
        return
    for arguments in (["--version"], ["doctor"]):
        seatrial(arguments, cwd=tmp_path)
    assert not (tmp_path / "ran").exists()


@pytest.mark.attempt(6)
@pytest.mark.parametrize("started", ["seatrial", "python"])
@pytest.mark.parametrize("name", ["sitecustomize", "usercustomize"])
def test_nothing_that_python_imports_at_its_start_is_taken_from_the_working_folder(
    tmp_path: Path, name: str, started: str
) -> None:
    (tmp_path / f"{name}.py").write_text(PLANT)
    environ = {"PYTHONPATH": str(tmp_path)} if started == "python" else {}
    if started == "python":  # a user's own PYTHONPATH is the user's
        run([sys.executable, "-c", f"import {name}"], cwd=tmp_path, environ=environ)
        assert (tmp_path / "ran").exists()
        return
    seatrial(["--version"], cwd=tmp_path)
    assert not (tmp_path / "ran").exists()


@pytest.mark.attempt(6)
@pytest.mark.parametrize("given", [False, True], ids=["in .env", "in the environment"])
def test_no_variable_is_taken_from_a_file_of_the_working_folder(
    tmp_path: Path,
    given: bool,  # noqa: FBT001
) -> None:
    """The control: the variable itself says which ledger is meant."""
    (tmp_path / ".env").write_text("SEATRIAL_LEDGER=file:/nowhere\n")
    environ = {"SEATRIAL_LEDGER": "file:/nowhere"} if given else {}
    ended = seatrial(["doctor"], cwd=tmp_path, environ=environ)
    assert ("SEATRIAL_LEDGER is set" in " ".join(ended.out.split())) == given
