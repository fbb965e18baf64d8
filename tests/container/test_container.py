"""The image, built by the Dockerfile's own instructions in Debian's smallest root, and run as an
engine would run it: not as root, without any power, its root read-only.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from estate.lifecycle import Running
from tests.cli import REPOSITORY
from tests.container import machine
from tests.container.dockerfile import Image, build
from tests.container.root import Mount, copied, minimal, run

pytestmark = [pytest.mark.estate_full, pytest.mark.long, pytest.mark.timeout(600)]
PILOT = Mount(source=REPOSITORY / "tests" / "crm_pilot", at="/pilot")
USER = 10001


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Image]:
    assert os.geteuid() == 0, "a root file system is made and entered by root alone"
    folder = tmp_path_factory.mktemp("image")
    (folder / "pip.conf").write_text(machine.pip_settings())
    outside = (Path("/etc/resolv.conf"), *machine.pip_paths())
    yield build(
        REPOSITORY,
        copied(minimal("python3", "python3-venv"), folder / "root"),
        secrets={"pip": folder / "pip.conf"},
        mounts=[Mount(source=path, at=str(path)) for path in outside],
    )
    subprocess.run(["rm", "--recursive", "--one-file-system", folder / "root"], check=True)


@pytest.fixture
def out(tmp_path: Path) -> Mount:
    """What an engine would mount at /out: a volume of the user's."""
    folder = tmp_path / "out"
    folder.mkdir(mode=0o700)
    os.chown(folder, USER, USER)
    return Mount(source=folder, at="/out", writable=True)


def seatrial(
    image: Image, *arguments: str, environ: Mapping[str, str] | None = None, out: Mount
) -> subprocess.CompletedProcess[str]:
    return run(
        image.root,
        [*image.entrypoint, *arguments],
        environ={**image.environ, **(environ or {})},
        mounts=(PILOT, out),
        user=image.user,
        workdir=image.workdir,
        read_only=True,
    )


def crm(estate: Running) -> dict[str, str]:
    return {name: estate.environ[name] for name in ("CRM_URL", "CRM_PASSWORD")}


def test_it_says_how_to_be_used(image: Image, out: Mount) -> None:
    ended = seatrial(image, "--help", out=out)
    assert ended.returncode == 0, ended.stderr
    assert "prove" in ended.stdout


@pytest.mark.parametrize("path", ["/etc/x", "/opt/seatrial/x", "/x", "/pilot/x"])
def test_not_even_root_could_write_beside_out_and_tmp(image: Image, out: Mount, path: str) -> None:
    ended = run(
        image.root,
        ["touch", path],
        environ=image.environ,
        mounts=(PILOT, out),
        read_only=True,
    )
    assert "Read-only file system" in ended.stderr


def test_the_doctor_finds_nothing_wrong(image: Image, out: Mount, estate: Running) -> None:
    ended = seatrial(image, "doctor", "/pilot", environ=crm(estate), out=out)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "log-in accepted" in " ".join(ended.stdout.split())


def test_a_pilot_is_proven(image: Image, out: Mount, estate: Running) -> None:
    """On the real database; the results are the user's alone."""
    claims = ("--claim", "complete", "--claim", "conforms")
    ended = seatrial(image, "prove", "/pilot", *claims, environ=crm(estate), out=out)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    results = out.source / "crm-pilot"
    verdicts = json.loads((results / "verdicts.json").read_text())["verdicts"]
    assert [verdict["outcome"] for verdict in verdicts] == ["PROVEN", "PROVEN"]
    assert {path.stat().st_uid for path in results.rglob("*")} == {USER}
    assert not list(results.rglob("*.parquet"))


@pytest.mark.parametrize("command", ["doctor", "prove"])
def test_an_empty_environment_ends_with_2_and_every_missing_name(
    image: Image, out: Mount, command: str
) -> None:
    ended = seatrial(image, command, "/pilot", out=out)
    assert ended.returncode == 2
    for name in ("CRM_URL", "CRM_PASSWORD"):
        assert name in ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr


def test_nothing_is_in_it_but_the_product(image: Image) -> None:
    """No practice estate, no developers' tools, no way to install more, no setting of ours."""
    assert not (image.root / "src").exists()
    assert not (image.root / "etc" / "pip.conf").exists()
    (packages,) = (image.root / "opt" / "seatrial").glob("lib/python3*/site-packages")
    there = {path.name for path in packages.iterdir()}
    assert {"harness", "connectors", "contracts"} <= there
    assert not there & {"estate", "tests", "pip", "hatchling", "pytest", "datasette"}
