"""Each floor of the house is checked: a wrong import is named, with its line."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.cli import REPOSITORY

WRONG = {
    "connectors/errors.py": "import contracts.promises",
    "connectors/sql/url.py": "import connectors.rest.connector",
    "connectors/convert/fit.py": "import httpx",
    "connectors/rate_limiter.py": "import sqlalchemy",
    "connectors/vault/vault.py": "import asyncssh",
    "connectors/retry.py": "import estate",
    "contracts/promises.py": "import contracts.engines",
    "contracts/canonical.py": "import psycopg",
    "contracts/meaning.py": "import pandera",
    "harness/claims/fresh.py": "import httpx",
    "harness/claims/owned.py": "import harness.run.run",
    "harness/report/words.py": "import harness.ledger.ledger",
    "harness/evidence/paper/paper.py": "import typst",
    "harness/statistics/rates.py": "import pyarrow",
    "connectors/sql/snapshot.py": "import psycopg",
    "harness/ledger/appender.py": "import psycopg",
    "harness/dagster/storage.py": "import psycopg2",
    "harness/verdict.py": "import connectors.files",
    "harness/pilot/place.py": "import dagster",
    "harness/alerts/hook.py": "import httpx",
    "harness/evidence/verify/chain.py": "import harness.ledger.chain",
}
"""A file of each floor, and what it must not import."""


def lint(copy: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=copy,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages that the floors are about, and the floors."""
    configuration = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    for package in configuration["tool"]["importlinter"]["root_packages"]:
        unwanted = shutil.ignore_patterns("__pycache__")
        shutil.copytree(REPOSITORY / package, tmp_path / package, ignore=unwanted)
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    return tmp_path


def test_a_wrong_import_is_named_with_its_line(copy: Path) -> None:
    assert not lint(copy).returncode
    lines = {}
    for name, statement in WRONG.items():
        text = (copy / name).read_text()
        (copy / name).write_text(f"{text}\n{statement}\n")
        lines[name] = text.count("\n") + 2
    ended = lint(copy)
    assert ended.returncode == 1
    for name, statement in WRONG.items():
        module = name.removesuffix(".py").replace("/", ".")
        imported = statement.removeprefix("import ")
        told = f"{module} -> {imported} (l.{lines[name]})"
        assert told in ended.stdout.replace("\n", " "), told


def test_an_engine_is_made_at_the_one_door_alone(copy: Path) -> None:
    """By whatever name it is called."""
    made = {
        "harness/ledger/postgresql.py": "sa.create_engine",
        "harness/dagster/storage.py": "sa.engine.create_engine",
        "connectors/sql/probe.py": "from sqlalchemy import create_engine",
        "connectors/sql/door.py": "sa.create_engine",
    }
    for name, line in made.items():
        with (copy / name).open("a") as file:
            file.write(f"\n{line}\n")
    ended = subprocess.run(
        [Path(sys.executable).with_name("ruff"), "check", "--select", "TID251", "."],
        cwd=copy,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 1
    assert "psycopg" not in ended.stdout
    for name in made:
        assert (f"{name}:" in ended.stdout) is (name != "connectors/sql/door.py"), ended.stdout


def test_a_circle_between_files_is_named(copy: Path) -> None:
    """`connectors/sql/connector.py` already imports `url.py`."""
    with (copy / "connectors" / "sql" / "url.py").open("a") as file:
        file.write("\nimport connectors.sql.connector\n")
    ended = lint(copy)
    assert ended.returncode == 1
    assert "No cycles are allowed in connectors.sql" in ended.stdout
    assert ".url" in ended.stdout
