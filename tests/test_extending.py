"""docs/extending.md, done: its files put into a copy of this repository, and nothing else."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.claim_tables import HEADINGS
from tests.cli import REPOSITORY
from tests.docs import edited, snippets

pytestmark = pytest.mark.long

PAGE = REPOSITORY / "docs" / "extending.md"
PACKAGES = ("seatrial", "connectors", "contracts", "harness", "estate", "tests", "bench")


def placed(block: str, mark: str) -> tuple[str, str]:
    """A block's path, which its first line names, and the rest of it."""
    first, _, rest = block.partition("\n")
    assert first.startswith(mark)
    return first.removeprefix(mark), rest


@pytest.fixture(scope="module")
def extended(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """The copy, and the files that the page adds."""
    copy = tmp_path_factory.mktemp("extended")
    for package in PACKAGES:
        unwanted = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / package, copy / package, ignore=unwanted)
    shutil.copytree(REPOSITORY / "docs", copy / "docs")
    for page in ("pyproject.toml", "README.md"):
        shutil.copy(REPOSITORY / page, copy / page)
    added = []
    for block in snippets(PAGE, "python"):
        name, text = placed(block, "# ")
        assert not (copy / name).exists()
        (copy / name).write_text(text)
        added.append(name)
    for block in snippets(PAGE, "diff"):
        name, text = placed(block, "--- ")
        (copy / name).write_text(edited((copy / name).read_text(), text))
    return copy, added


def said(copy: Path, *command: str | Path) -> str:
    """What a tool of ours says in the copy, which it must see instead of this checkout."""
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=copy,
        env={"PATH": "/usr/bin:/bin", "HOME": str(copy), "MYPYPATH": str(copy)},
        capture_output=True,
        text=True,
    )
    assert not ended.returncode, ended.stdout + ended.stderr
    return ended.stdout


def their_tests(added: Sequence[str]) -> list[str]:
    return [name for name in added if name.startswith("tests/")]


def test_each_part_is_one_file_and_its_test(extended: tuple[Path, list[str]]) -> None:
    _, added = extended
    assert len(added) == 10
    assert len(their_tests(added)) == 5


def test_their_tests_pass(extended: tuple[Path, list[str]]) -> None:
    copy, added = extended
    told = said(copy, "pytest", *their_tests(added))
    assert re.search(r"\d+ passed", told)
    assert "skipped" not in told


def test_they_keep_the_rules_of_all(extended: tuple[Path, list[str]]) -> None:
    copy, added = extended
    said(copy, "ruff", "check", "--no-cache", *added, "seatrial")
    said(copy, "ruff", "format", "--no-cache", "--check", *added, "seatrial")


def test_their_types_hold(extended: tuple[Path, list[str]]) -> None:
    copy, added = extended
    product = [name for name in added if name not in their_tests(added)]
    said(copy, "mypy", "--cache-dir", "/dev/null", *product)


def test_the_log_in_is_public_with_its_example_and_its_signature(
    extended: tuple[Path, list[str]],
) -> None:
    copy, _ = extended
    golden = copy / "tests" / "door" / "api.txt"
    assert "Signed" not in golden.read_text()
    golden.write_text(said(copy, "tests.door.api"))
    assert "class Signed" in golden.read_text()
    told = said(copy, "pytest", "-vv", "tests/door/test_api.py", "tests/door/test_examples.py")
    assert "test_it_has_an_example_that_is_true[seatrial.rest.Signed] PASSED" in told


def test_the_claim_is_planned_and_shown_by_its_own_words(extended: tuple[Path, list[str]]) -> None:
    """Its file and its line in the table are enough for plan, Dagster and documentation."""
    copy, _ = extended
    claim = (copy / "harness" / "claims" / "undistorted.py").read_text()
    assert len(claim.splitlines()) <= 80
    checks = "tests/harness/test_definitions.py::test_checks_say_when_their_claim_is_true"
    said(copy, "pytest", "tests/harness/claims/test_declarations.py", checks)
    said(copy, "tests.claim_tables")
    row = "| `undistorted` | every value came in its promised type |"
    assert all(row in (copy / page).read_text() for page in HEADINGS)
    said(copy, "pytest", "tests/harness/coverage/test_demands.py", "-k", "claim or need or names")
    said(copy, "tests.coverage_table")
    assert "`stable_values`, `undistorted`" in (copy / "docs" / "coverage.md").read_text()
