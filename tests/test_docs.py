"""What the documentation shows works as it stands there."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.claim_tables import HEADINGS, rewritten
from tests.cli import DEMO, REPOSITORY, SEATRIAL, seatrial
from tests.docs import PAGES, commands, snippets
from tests.shell import run

pytestmark = pytest.mark.long

README = REPOSITORY / "README.md"
ELSEWHERE = {
    "make demo": "tests/test_demo.py runs the command it stands for",
    "make test": "this is it",
    "make quick": "it is a part of this, without servers",
    "make mutants": "an hour of both cores",
    "python -m bench truth": "tests/truth tries each situation",
    "python -m bench line --quick": "a minute of both cores; tests/bench runs its parts",
    "python -m bench scale --quick": "as above",
    "python -m bench nightly --quick": "a night of a hundred tables",
    "python -m bench drift --quick": "most of a minute; tests/bench runs its parts",
    "python -m bench detect --quick": "as above",
    "python -m bench schemas --quick": "as above",
    "python -m bench rings --quick": "as above",
    "python -m bench report --quick": "a browser and a minute of both cores, as above",
    "python -m bench evidence_export --quick": "most of a minute of both cores",
    "python -m bench evidence_verify --quick": "as above",
    "python -m bench evidence_attacks": "minutes of both cores; tests/attacks does a sample",
}
_TYPED = (
    "tutorial",
    "rest",
    "files",
    "alerts",
    "nights",
    "simulate",
    "compare",
    "verify",
    "evidence",
    "keys",
    "policy",
    "governance",
    "sign-off",
)
TYPED = {REPOSITORY / "docs" / f"{name}.md" for name in _TYPED}
"""Their commands follow one another: tests/typed.py or a page's own test runs them in order."""
COMMANDS = sorted(
    {command for page in PAGES if page not in TYPED for command in commands(page)} - set(ELSEWHERE)
)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_documented_command_runs_as_it_stands(command: str, tmp_path: Path) -> None:
    environ = {"PATH": f"{SEATRIAL.parent}:/usr/bin:/bin", "SEATRIAL_OUT": str(tmp_path)}
    out = ["--out", str(tmp_path)] if " prove " in command else []
    ended = run([*shlex.split(command), *out], cwd=REPOSITORY, environ=environ)
    assert ended.code == 0, ended.out + ended.err


def test_the_readmes_pilot_needs_nothing_but_its_variables(tmp_path: Path) -> None:
    """It loads, plans, and then asks for the two that are not there."""
    folder = tmp_path / "acme"
    folder.mkdir()
    (python,) = snippets(README, "python")
    (settings,) = snippets(README, "yaml")
    (folder / "pilot.py").write_text(python)
    (folder / "pilot.yaml").write_text(settings)
    ended = seatrial(["prove", "--env", "production"], cwd=tmp_path)
    assert ended.code == 2
    assert "ERP_PASSWORD" in ended.complaint
    assert "ERP_URL" in ended.complaint


def test_the_figures_of_the_concepts_are_what_the_code_computes() -> None:
    (arithmetic,) = snippets(REPOSITORY / "docs" / "concepts.md", "python")
    assert arithmetic.count("assert") == 5
    exec(compile(arithmetic, "docs/concepts.md", "exec"), {})


def test_the_grants_are_shown_as_they_are_printed(tmp_path: Path) -> None:
    (shown,) = snippets(REPOSITORY / "docs" / "security.md", "sql")
    environ = {"CRM_URL": "postgresql+psycopg://reader@db.example/crm"}
    assert seatrial(["grants", "crm", DEMO], cwd=tmp_path, environ=environ).out == shown


@pytest.mark.parametrize("page", HEADINGS)
def test_the_tables_of_claims_say_what_the_claims_say(page: str) -> None:
    """`python -m tests.claim_tables` writes them."""
    assert (REPOSITORY / page).read_text() == rewritten(REPOSITORY / page, HEADINGS[page])
