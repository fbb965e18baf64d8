"""The processes of `seatrial ui` run nothing of the folder they are in, and end together."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from dagster._core.secrets.env_file import get_env_var_dict

from tests.cli import seatrial
from tests.harness.acme_layout import Acme
from tests.harness.dagster_ui import Ui, free_port, served, session

pytestmark = pytest.mark.long

MODULES = ("dagster", "uvicorn", "msgspec", "yaml", "sitecustomize", "usercustomize")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A folder that somebody else prepared, and what shows that it was used."""

    folder: Path
    marks: Path

    def run(self) -> set[str]:
        return {path.name for path in self.marks.iterdir()}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    folder, marks = tmp_path_factory.mktemp("planted"), tmp_path_factory.mktemp("marks")
    for name in MODULES:
        (folder / f"{name}.py").write_text(
            f"from pathlib import Path\nPath({str(marks)!r}, {name!r}).touch()\n"
        )
    (folder / ".env").write_text("ACME_OUTLET=/nowhere.sqlite\nSEATRIAL_ENV=elsewhere\n")
    (folder / "dagster.yaml").write_text("telemetry: {enabled: true}\n")
    return Planted(folder=folder, marks=marks)


@pytest.fixture(scope="module")
def ui(acme: Acme, planted: Planted, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ui]:
    out = tmp_path_factory.mktemp("ui")
    with served(acme.folder, cwd=planted.folder, environ=acme.environ, out=out) as started:
        yield started


@pytest.mark.attempt(6)
def test_nothing_of_the_current_folder_is_run_or_read(ui: Ui, planted: Planted) -> None:
    """Neither by what serves nor by a run, which reads what its own variables say."""
    if ui.process.poll() is not None:
        ui.start_again()
    assert ui.ended(ui.launch("acme")) == "FAILURE"
    verdicts = json.loads((ui.out / "verdicts.json").read_text())["verdicts"]
    (outlet,) = (v for v in verdicts if (v["source"], v["claim"]) == ("outlet", "conforms"))
    assert outlet["because"] == "voucher: 20 % missing, 10 % promised (10 of 50)."
    assert planted.run() == set()


def test_dagster_itself_would_use_what_was_planted(planted: Planted, tmp_path: Path) -> None:
    """The control of the attempt above."""
    assert get_env_var_dict(str(planted.folder))["ACME_OUTLET"] == "/nowhere.sqlite"
    marks = tmp_path / "marks"
    marks.mkdir()
    copy = tmp_path / "copy"
    copy.mkdir()
    for module in planted.folder.glob("*.py"):
        text = module.read_text().replace(str(planted.marks), str(marks))
        (copy / module.name).write_text(text)
    subprocess.run([sys.executable, "-m", "dagster", "--version"], cwd=copy, check=True)
    assert "dagster" in {path.name for path in marks.iterdir()}


def test_if_one_part_dies_all_of_it_ends_with_a_line(ui: Ui) -> None:
    """Which one makes no difference: tests/harness/dagster/test_processes.py."""
    if ui.process.poll() is not None:
        ui.start_again()
    leader = ui.process.pid
    (daemon,) = (
        pid
        for pid in session(leader)
        if "dagster._daemon" in Path(f"/proc/{pid}/cmdline").read_text()
    )
    os.kill(daemon, signal.SIGKILL)
    with ui.process:
        assert ui.process.wait(60) == 4
    assert not session(leader)
    ui.client.close()
    assert ui.log.read_text().splitlines()[-1] == (
        "seatrial: Dagster's daemon ended with code -9, so all of it is ended: start it again"
    )


def test_a_folder_too_deep_for_a_socket_is_named(acme: Acme, tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 60)
    deep.mkdir()
    ended = seatrial(
        ["ui", "acme", "--port", str(free_port()), "--out", tmp_path],
        cwd=acme.elsewhere,
        environ={**acme.environ, "TMPDIR": str(deep)},
    )
    assert ended.code == 2
    assert ended.complaint == (
        f"seatrial: TMPDIR {deep} is too long for a socket in it: name a shorter one"
    )
