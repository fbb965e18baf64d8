"""Packages of others that would stand in for ours are refused by name, with what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from seatrial._foreign import NAMES
from tests.cli import seatrial
from tests.shell import run

COMMANDS = (
    ["--help"],
    ["init", "other"],
    ["draft", "shop"],
    ["grants", "shop"],
    ["doctor"],
    ["prove"],
    ["ui"],
    ["profile", "file.parquet"],
    ["data", "shop.orders"],
    ["baseline", "approve", "--by", "Ada"],
    ["demo"],
)


def foreign(root: Path, name: str) -> Path:
    """A package that must never run."""
    package = root / name / "__init__.py"
    package.parent.mkdir(parents=True)
    package.write_text(f"raise SystemExit('somebody else\\'s {name} ran')\n")
    return package


def refusal(code: str, *, cwd: Path) -> str:
    """How a fresh interpreter ends, which puts its folder first on the path, as Jupyter does."""
    ended = subprocess.run([sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True)
    assert ended.returncode
    return ended.stderr.splitlines()[-1]


def works(code: str, *, cwd: Path) -> bool:
    return not run([sys.executable, "-c", code], cwd=cwd, environ={}).code


def says(package: Path) -> str:
    name = package.parent.name
    return (
        f"{package} has the name of Seatrial's own package {name} and would be imported in its "
        "place: rename it, move it into your pilot's package, or start elsewhere"
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_import_of_the_door_refuses_them(name: str, tmp_path: Path) -> None:
    package = foreign(tmp_path, name)
    for module in ("seatrial", "seatrial.sql", "seatrial.dagster"):
        assert refusal(f"import {module}", cwd=tmp_path) == f"ImportError: {says(package)}"


@pytest.mark.parametrize("name", NAMES)
def test_one_that_was_imported_before_is_refused_as_well(name: str, tmp_path: Path) -> None:
    package = foreign(tmp_path, name)
    package.write_text("")
    code = f"import sys, {name}; sys.path.pop(0); import seatrial"
    assert refusal(code, cwd=tmp_path) == f"ImportError: {says(package)}"


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_refuses_one_in_its_folder(command: list[str], tmp_path: Path) -> None:
    package = foreign(tmp_path, "contracts")
    ended = seatrial(command, cwd=tmp_path)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"seatrial: {says(package)}\n"
    assert list(tmp_path.iterdir()) == [package.parent]


@pytest.mark.parametrize("name", NAMES)
def test_a_command_refuses_one_that_stands_before_ours_on_the_path(
    name: str, tmp_path: Path
) -> None:
    package = foreign(tmp_path / "path", name)
    environ = {"PYTHONPATH": str(package.parent.parent)}
    ended = seatrial(["--help"], cwd=tmp_path, environ=environ)
    assert (ended.code, ended.err) == (2, f"seatrial: {says(package)}\n")


def test_a_module_of_that_name_is_refused_as_a_package_is(tmp_path: Path) -> None:
    (tmp_path / "contracts.py").touch()
    ended = seatrial(["--help"], cwd=tmp_path)
    assert ended.code == 2
    assert f"{tmp_path / 'contracts.py'} has the name" in ended.err


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_without_init_gives_way_to_ours(name: str, tmp_path: Path) -> None:
    """Python takes a package from anywhere on the path before a folder that is none."""
    (tmp_path / name).mkdir()
    (tmp_path / name / "orders.py").touch()
    assert seatrial(["--help"], cwd=tmp_path).code == 0
    assert works("from seatrial import Pilot; import seatrial.dagster", cwd=tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_one_that_stands_behind_ours_on_the_path_is_harmless(name: str, tmp_path: Path) -> None:
    foreign(tmp_path / "path", name)
    code = f"import sys; sys.path.append({str(tmp_path / 'path')!r}); from seatrial import Pilot"
    assert works(code, cwd=tmp_path)


def test_one_in_a_package_of_its_own_is_harmless(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "__init__.py").touch()
    foreign(tmp_path / "acme", "contracts")
    assert seatrial(["--help"], cwd=tmp_path).code == 0


def test_in_the_package_that_init_made_it_says_where_to_start(tmp_path: Path) -> None:
    """Its contracts/ is where it belongs: to rename it would break the pilot."""
    assert seatrial(["init", "my pilot", "--name", "mine"], cwd=tmp_path).code == 0
    root = tmp_path / "my pilot"
    ended = seatrial(["doctor"], cwd=root / "mine")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == (
        f"seatrial: {root / 'mine'} is the package of a pilot, and its contracts would be "
        f"imported in place of Seatrial's own: start in the folder around it, by cd '{root}'\n"
    )
    assert seatrial(["--help"], cwd=root).code == 0


def test_dagster_shows_the_refusal_instead_of_the_pilot(tmp_path: Path) -> None:
    """It is started where somebody's contracts/ is a package, and puts that folder first."""
    package = foreign(tmp_path, "contracts")
    words = ("-m", "dagster", "definitions", "validate", "--module-name", "seatrial.dagster")
    ended = subprocess.run([sys.executable, *words], cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode
    assert says(package) in ended.stdout + ended.stderr
