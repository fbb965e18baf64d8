"""The tutorial, typed from its first line to its last against the estate."""

from __future__ import annotations

from pathlib import Path

from tests.cli import REPOSITORY
from tests.typed import typed

TUTORIAL = REPOSITORY / "docs" / "tutorial.md"


def test_the_tutorial_works_as_it_is_typed(tmp_path: Path, pilot_environ: dict[str, str]) -> None:
    """Commands run, edits are made, and what is shown of the output is in the output."""
    environ = {
        **pilot_environ,
        "DATABASE_URL": pilot_environ["CRM_URL"],
        "DATABASE_PASSWORD": pilot_environ["CRM_PASSWORD"],
    }
    typed(TUTORIAL, tmp_path, environ)
