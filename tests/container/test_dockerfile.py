"""What the Dockerfile may say, read without building it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.cli import REPOSITORY
from tests.container.dockerfile import build, ignored, instructions

DOCKERFILE = (REPOSITORY / "Dockerfile").read_text()


def test_the_base_is_the_clients_and_no_registry_is_named() -> None:
    assert [line for line in instructions(DOCKERFILE) if line[0] in ("ARG", "FROM")] == [
        ("ARG", "BASE"),
        ("FROM", "${BASE}"),
    ]
    assert not re.search(r"https?:|sha256:[0-9a-f]|\w\.(io|com|org|net)\b", DOCKERFILE)


def test_it_runs_as_a_user_known_by_a_number_that_is_not_root() -> None:
    (user,) = [rest for word, rest in instructions(DOCKERFILE) if word == "USER"]
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)


def test_only_the_product_is_sent() -> None:
    kept_back = ignored((REPOSITORY / ".dockerignore").read_text())
    for path in ("estate/crm.py", ".venv/bin/python", "out/x", ".git/config", "tests/cli.py"):
        assert kept_back(path)
    assert kept_back("harness/__pycache__/cli.pyc")
    for path in ("harness/cli/main.py", "seatrial/sql.py", "seatrial_command.py", "LICENSE"):
        assert not kept_back(path)


@pytest.mark.parametrize(
    "line", ["VOLUME /out", "ADD a b", "COPY --chown=1:1 README.md /", "RUN --network=none true"]
)
def test_what_the_interpreter_does_not_know_it_refuses(tmp_path: Path, line: str) -> None:
    """Else what is tried here would not be what an engine builds."""
    shutil.copy(REPOSITORY / ".dockerignore", tmp_path)
    (tmp_path / "Dockerfile").write_text(f"ARG BASE\nFROM ${{BASE}}\n{line}\nUSER 1:1\n")
    with pytest.raises(AssertionError):
        build(tmp_path, tmp_path, secrets={}, mounts=())


def pinned(lock: str) -> set[tuple[str, frozenset[str]]]:
    """Each package with its version and its hashes."""
    entry = re.compile(r"^(\S+==\S+)(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL)
    text = (REPOSITORY / lock).read_text()
    return {
        (name, frozenset(re.findall(r"sha256:\w+", rest))) for name, rest in entry.findall(text)
    }


def test_the_products_lock_is_a_part_of_the_whole_lock() -> None:
    """The same versions and hashes: what the tests ran is what the image holds."""
    product = pinned("requirements-product.lock")
    assert len(product) > 50
    assert all(hashes for _, hashes in product)
    assert product <= pinned("requirements.lock")
