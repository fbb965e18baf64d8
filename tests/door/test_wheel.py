"""The wheel holds the product, whole and alone, and runs without this checkout."""

from __future__ import annotations

import email
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.cli import REPOSITORY
from tests.shell import Ended, run

PRODUCT = ("seatrial", "connectors", "contracts", "harness")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its files, as an installer would lay them out."""
    folder = tmp_path_factory.mktemp("wheel")
    build = ("-m", "hatchling", "build", "--target", "wheel", "--directory", folder / "built")
    subprocess.run([sys.executable, *build], cwd=REPOSITORY, check=True, capture_output=True)
    (built,) = (folder / "built").glob("*.whl")
    with zipfile.ZipFile(built) as packed:
        packed.extractall(folder / "site")
    return folder / "site"


def seatrial(wheel: Path, *words: str, cwd: Path) -> Ended:
    """Its command with our libraries beside it. `-S` leaves out what leads to
    this checkout, `-B` leaves the wheel as it is.
    """
    path = [str(wheel), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    code = f"import sys; sys.path[:0] = {path}; from seatrial_command import main; main()"
    return run([sys.executable, "-B", "-S", "-c", code, *words], cwd=cwd, environ={})


def metadata(wheel: Path) -> Path:
    (folder,) = wheel.glob("seatrial-*.dist-info")
    return folder


def test_it_holds_no_practice_servers_and_no_tests(wheel: Path) -> None:
    found = {path.name for path in wheel.iterdir()} - {metadata(wheel).name}
    assert found == {*PRODUCT, "seatrial_command.py"}


def test_it_holds_every_file_of_the_product(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *PRODUCT],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert listed
    assert [name for name in listed if not (wheel / name).is_file()] == []


def test_it_says_its_licence_and_what_starts_it(wheel: Path) -> None:
    told = email.message_from_string((metadata(wheel) / "METADATA").read_text())
    assert told["License-Expression"] == "Apache-2.0"
    for name in ("LICENSE", "LICENCES.md"):
        licence = (metadata(wheel) / "licenses" / name).read_bytes()
        assert licence == (REPOSITORY / name).read_bytes()
    starts = (metadata(wheel) / "entry_points.txt").read_text().split()
    assert starts == ["[console_scripts]", "seatrial", "=", "seatrial_command:main"]


@pytest.mark.parametrize("module", PRODUCT)
def test_it_says_that_it_is_typed(wheel: Path, module: str) -> None:
    assert (wheel / module / "py.typed").is_file()


def test_its_command_runs(wheel: Path, tmp_path: Path) -> None:
    assert "Usage: " in seatrial(wheel, "--help", cwd=tmp_path).out
    version = seatrial(wheel, "--version", cwd=tmp_path).out
    told = email.message_from_string((metadata(wheel) / "METADATA").read_text())
    assert version.startswith(f"seatrial {told['Version']}+")
    made = seatrial(wheel, "init", "acme", cwd=tmp_path)
    assert made.code == 0
    assert (tmp_path / "acme" / "acme" / "pilot.py").is_file()


def test_its_demo_says_where_the_practice_servers_are(wheel: Path, tmp_path: Path) -> None:
    ended = seatrial(wheel, "demo", cwd=tmp_path)
    assert ended.code == 2
    assert ended.complaint == (
        "seatrial: the demo needs its practice servers (estate is missing): "
        "run make demo in a clone, which installs them"
    )
