"""A scaffolded engagement loads, asks for what is missing, and takes nothing from anybody."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import ConfigurationError
from harness.onboarding.init import init
from harness.pilot import loading
from harness.pilot.model import SLUG
from harness.pilot.settings import schema
from tests.cli import REPOSITORY, SEATRIAL, seatrial
from tests.shell import run

RUFF = SEATRIAL.parent / "ruff"
ERROR = re.compile(r"[^\n]+: choose [^\n]+|[^\n]+\(--name\)")


def refused(folder: Path, name: str | None = None) -> str:
    with pytest.raises(ConfigurationError) as error:
        init(folder, name=name)
    assert ERROR.fullmatch(str(error.value))
    return str(error.value)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_it_is_laid_out_as_an_engagement_is(tmp_path: Path) -> None:
    init(tmp_path / "Late Orders", name=None)
    assert files(tmp_path / "Late Orders") == {
        ".gitignore",
        "README.md",
        "workspace.yaml",
        "late_orders/__init__.py",
        "late_orders/contracts/__init__.py",
        "late_orders/pilot.py",
        "late_orders/pilot.schema.json",
        "late_orders/pilot.yaml",
    }
    loaded = loading.load(tmp_path / "Late Orders" / "late_orders")
    assert loaded.pilot.name == "late-orders"


def test_an_editor_finds_the_schema_of_the_settings(tmp_path: Path) -> None:
    """By the line that YAML language servers read, beside it and without a network."""
    init(tmp_path, name="acme-nine")
    settings = tmp_path / "acme_nine" / "pilot.yaml"
    first = settings.read_text().splitlines()[0]
    named = first.removeprefix("# yaml-language-server: $schema=")
    assert json.loads((settings.parent / named).read_text()) == schema()


def test_proving_it_asks_for_a_contract_and_then_for_the_variables(tmp_path: Path) -> None:
    """A source that nothing is held against is never ready."""
    assert seatrial(["init", "acme-one"], cwd=tmp_path).code == 0
    first = seatrial(["prove"], cwd=tmp_path / "acme-one")
    assert first.code == 2
    assert "source database has no contract" in first.complaint
    page = seatrial(["ui"], cwd=tmp_path / "acme-one")
    assert (page.code, page.complaint) == (2, first.complaint)
    second = seatrial(["draft", "database"], cwd=tmp_path / "acme-one")
    assert second.code == 2
    assert "DATABASE_PASSWORD" in second.complaint
    assert "DATABASE_URL" in second.complaint


def test_its_code_is_written_as_ours_is(tmp_path: Path) -> None:
    init(tmp_path, name="acme-two")
    for how in (["check"], ["format", "--check"]):
        settings = f"--config={REPOSITORY / 'pyproject.toml'}"
        ended = run([RUFF, *how, settings, "acme_two"], cwd=tmp_path, environ={})
        assert ended.code == 0, ended.out + ended.err


def test_nothing_that_is_there_is_touched(tmp_path: Path) -> None:
    """Not one file is written when one of them is there; other files may be."""
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "README.md").write_text("mine")
    assert "README.md is there already" in refused(tmp_path, "acme-three")
    assert files(tmp_path) == {"notes.txt", "README.md"}
    (tmp_path / "README.md").unlink()
    init(tmp_path, name="acme-three")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    refused(tmp_path, "acme-three")
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}


def test_a_link_that_leads_nowhere_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "workspace.yaml").symlink_to(tmp_path / "elsewhere")
    assert "workspace.yaml is there already" in refused(tmp_path, "acme-four")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("name", ["json", "harness", "contracts", "class", "polars", "test"])
def test_a_name_that_would_hide_another_package_is_refused(tmp_path: Path, name: str) -> None:
    assert "a name of Python's or a library's" in refused(tmp_path, name)
    assert not files(tmp_path)


@given(name=st.text(max_size=20).filter(lambda name: not SLUG.fullmatch(name)))
def test_what_is_no_name_is_never_written_anywhere(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    folder = tmp_path_factory.mktemp("n")
    assert "is no name for a pilot" in refused(folder, name)
    assert not files(folder)


def test_a_folder_that_cannot_be_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = seatrial(["init", "file/acme-five"], cwd=tmp_path)
    assert ended.code == 2
    assert ended.complaint.endswith("choose another DIR")


def test_no_secret_has_a_place_in_it(tmp_path: Path) -> None:
    init(tmp_path, name="acme-six")
    for line in (tmp_path / "acme_six" / "pilot.yaml").read_text().splitlines():
        assert "password:" not in line or "password: env:" in line
