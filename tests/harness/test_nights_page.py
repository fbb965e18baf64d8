"""The page on nights works as it stands: its commands, its units and its line for cron."""

from __future__ import annotations

import os
import pwd
import re
import shlex
import shutil
import subprocess
from configparser import RawConfigParser
from pathlib import Path

import pytest
from dagster._utils.schedules import is_valid_cron_string

from tests.cli import SEATRIAL
from tests.docs import REPOSITORY, snippets
from tests.harness.acme_layout import Acme, lay_out
from tests.shell import run
from tests.typed import typed

PAGE = REPOSITORY / "docs" / "nights.md"
KNOWN = {
    "Unit": {"Description", "Wants", "After"},
    "Service": {
        "Type",
        "User",
        "WorkingDirectory",
        "EnvironmentFile",
        "ExecStart",
        "TimeoutStartSec",
    },
    "Timer": {"OnCalendar", "Persistent"},
    "Install": {"WantedBy"},
}
CALENDAR = re.compile(r"\*-\*-\* ([01]\d|2[0-3]):[0-5]\d:00 [A-Z][A-Za-z_]+/[A-Z][A-Za-z_]+")


@pytest.mark.long
def test_the_page_runs_from_top_to_bottom(tmp_path: Path) -> None:
    acme = lay_out(tmp_path)
    settings = acme.folder / "pilot.yaml"
    settings.write_text(re.sub('at: "..:.."', 'at: "03:30"', settings.read_text()))
    typed(PAGE, acme.elsewhere, acme.environ)


@pytest.fixture
def units(acme: Acme, tmp_path: Path) -> dict[str, Path]:
    """The two units, with paths of this machine."""
    (tmp_path / "acme.env").write_text("".join(f"{k}={v}\n" for k, v in acme.sources.items()))
    found = {}
    for text in snippets(PAGE, "ini"):
        name = Path(text.partition("\n")[0].removeprefix("# "))
        found[name.suffix] = tmp_path / name.name
        (tmp_path / name.name).write_text(here(text, acme, tmp_path))
    assert set(found) == {".service", ".timer"}
    return found


def here(text: str, acme: Acme, folder: Path) -> str:
    """The text with places of this machine."""
    text = text.replace("/opt/seatrial/bin/seatrial", str(SEATRIAL))
    text = text.replace("/srv/acme", str(acme.elsewhere))
    us = pwd.getpwuid(os.getuid()).pw_name
    return text.replace("/etc/seatrial", str(folder)).replace("User=seatrial", f"User={us}")


def parsed(unit: Path) -> dict[str, dict[str, str]]:
    """Strictly: each key once, and none that we do not know (systemd.unit(5))."""
    parser = RawConfigParser(strict=True, delimiters=("=",), comment_prefixes=("#",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(unit.read_text())
    found = {name: dict(parser[name]) for name in parser.sections()}
    assert all(found[name].keys() <= KNOWN[name] for name in found)
    return found


def test_the_units_are_what_systemd_reads(units: dict[str, Path]) -> None:
    service, timer = parsed(units[".service"]), parsed(units[".timer"])
    assert service["Service"]["Type"] == "oneshot"
    assert CALENDAR.fullmatch(timer["Timer"]["OnCalendar"])
    assert units[".service"].stem == units[".timer"].stem
    if verify := shutil.which("systemd-analyze"):
        asked = [verify, "verify", *units.values()]
        told = subprocess.run(asked, capture_output=True, text=True)
        assert (told.returncode, told.stderr) == (0, "")


def test_a_unit_with_a_misspelt_key_is_found(units: dict[str, Path]) -> None:
    """The control of the strict reader."""
    timer = units[".timer"]
    timer.write_text(timer.read_text().replace("OnCalendar", "OnCalender"))
    with pytest.raises(AssertionError):
        parsed(timer)


def test_the_service_starts_a_run(units: dict[str, Path], acme: Acme, tmp_path: Path) -> None:
    service = parsed(units[".service"])["Service"]
    variables = Path(service["EnvironmentFile"]).read_text().splitlines()
    environ = dict(line.split("=", 1) for line in variables)
    words = [*shlex.split(service["ExecStart"]), "--out", str(tmp_path / "out")]
    ended = run(words, cwd=Path(service["WorkingDirectory"]), environ=environ)
    assert ended.code == 1
    assert ended.out.startswith("NOT READY: acme (dev)")


def test_the_line_of_cron_starts_a_run(acme: Acme, units: dict[str, Path], tmp_path: Path) -> None:
    [table] = snippets(PAGE, "cron")
    comment, mail, line = table.splitlines()
    assert comment.startswith("# /etc/cron.d/")
    assert re.fullmatch(r"MAILTO=\S+@\S+", mail)
    *times, user, command = line.split(" ", 6)
    assert (len(times), user) == (5, "seatrial")
    assert is_valid_cron_string(" ".join(times))
    assert "%" not in command  # crontab(5): a new line, there
    shell = f"{here(command, acme, tmp_path)} --out {tmp_path / 'out'}"
    ended = run(["/bin/sh", "-c", shell], cwd=tmp_path, environ={"PATH": "/usr/bin:/bin"})
    assert ended.code == 1, ended.err
    assert ended.out.startswith("NOT READY: acme (dev)")
