"""What is only asked for help waits for no library, and importing the door loads none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.shell import run

HEAVY = {
    *{"asyncssh", "dagster", "httpx", "jinja2", "msgspec", "pandera", "polars", "psycopg"},
    *{"pyarrow", "pydantic", "rich", "scipy", "sqlalchemy", "tenacity", "yaml"},
}


def loaded(code: str, cwd: Path) -> set[str]:
    """The top-level modules of a fresh interpreter that has run `code`."""
    ended = run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint('loaded', *sys.modules)"],
        cwd=cwd,
        environ={},
    )
    assert ended.code == 0
    return {name.partition(".")[0] for name in ended.out.rpartition("loaded ")[2].split()}


def test_the_door_by_itself_loads_the_standard_library_alone(tmp_path: Path) -> None:
    found = loaded("import seatrial", tmp_path) - loaded("pass", tmp_path)
    assert found - set(sys.stdlib_module_names) == {"seatrial"}


def test_a_contract_needs_no_connector(tmp_path: Path) -> None:
    assert not loaded("from seatrial import Contract, Promises", tmp_path) & HEAVY


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_wait_for_no_library(option: str, tmp_path: Path) -> None:
    code = (
        f"import sys; sys.argv = ['seatrial', {option!r}]\n"
        "from seatrial_command import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code"
    )
    found = loaded(code, tmp_path)
    assert "typer" in found
    assert not found & HEAVY


def test_the_list_of_what_is_heavy_is_no_fancy(tmp_path: Path) -> None:
    """A pilot with a database loads some of it: the names are right."""
    assert {"psycopg", "sqlalchemy"} <= loaded("import seatrial.sql", tmp_path) & HEAVY
