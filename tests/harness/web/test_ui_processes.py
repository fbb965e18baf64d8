"""The processes of `seatrial ui`: they end together, and run nothing of the folder they are in."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from dagster._core.secrets.env_file import get_env_var_dict

from harness.dagster.ui import ui as run_ui
from harness.errors import ConfigurationError
from harness.pilot.place import place
from tests.harness.acme_layout import Acme
from tests.harness.dagster_ui import Ui, free_port, served, session, until

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


@pytest.mark.parametrize("part", ["dagster._daemon", "harness.dagster.web", "code-server"])
def test_if_one_part_dies_all_of_it_ends_with_a_line(ui: Ui, part: str) -> None:
    """Started again where another part's death has ended it."""
    if ui.process.poll() is not None:
        ui.start_again()
    leader = ui.process.pid
    (victim,) = _of(leader, part)
    subprocess.run(["kill", "-KILL", str(victim)], check=True)
    assert ui.process.wait(60) == 4
    assert not session(leader)
    assert ui.process.stdout is not None
    ui.process.stdout.close()
    ui.client.close()
    last = ui.log.read_text().splitlines()[-1]
    assert last.startswith("seatrial: ")
    assert last.endswith(" ended with code -9, so all of it is ended: start it again")


def test_if_it_is_killed_nothing_of_it_lives_on(ui: Ui) -> None:
    """Two schedulers on one storage would start every night twice."""
    if ui.process.poll() is not None:
        ui.start_again()
    leader = ui.process.pid
    (command,) = _of(leader, "\0ui\0")
    subprocess.run(["kill", f"-{signal.SIGKILL}", str(command)], check=True)
    with ui.process:
        pass
    ui.client.close()
    until(lambda: not session(leader))


def test_a_folder_too_deep_for_a_socket_is_named(
    acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    deep = tmp_path / ("d" * 60)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    here = place(acme.folder, environment="dev", out=tmp_path / "out", start=tmp_path)
    with pytest.raises(ConfigurationError, match=r"TMPDIR .* is too long .* name a shorter one"):
        run_ui(here, port=free_port(), storage=None, ledger=None)


def _of(leader: int, words: str) -> list[int]:
    """The process of a session with these words in its command line; of several the first."""
    found = [
        pid for pid in sorted(session(leader)) if words in Path(f"/proc/{pid}/cmdline").read_text()
    ]
    return found[:1]
