"""Fault X12: what is installed is what was pinned: by hash, from no address that a file of ours
names. An audit for known vulnerabilities reads these locks; it needs a database that is elsewhere.
"""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.docs import REPOSITORY

LOCKS = sorted(REPOSITORY.glob("requirements*.lock"))
OURSELVES = ("--editable .", "--no-index")
"""What is installed is this checkout, from nowhere else."""


def installs(text: str) -> list[str]:
    """The commands that install something, each on one line."""
    commands = re.split(r"\n|&&", text.replace("\\\n", " "))
    return [command.strip() for command in commands if "pip install " in command]


def unpinned(text: str) -> list[str]:
    """Those that install something by its name alone."""
    pinned = ("--require-hashes", *OURSELVES)
    return [one for one in installs(text) if not any(word in one for word in pinned)]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_has_a_hash_for_each_and_no_address(lock) -> None:
    entries = re.split(r"\n(?! )", lock.read_text().rstrip())
    assert entries
    assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []
    assert "://" not in lock.read_text()


@pytest.mark.parametrize("file", ["Makefile", "Dockerfile"])
def test_nothing_is_installed_by_its_name_alone(file: str) -> None:
    text = (REPOSITORY / file).read_text()
    assert len(installs(text)) > 1
    assert unpinned(text) == []


def test_what_is_installed_by_name_is_told() -> None:
    assert unpinned("pip install --quiet uv\npip install --require-hashes -r a.lock\n") == [
        "pip install --quiet uv"
    ]


def test_no_file_names_a_registry() -> None:
    """Each client has its own, and gives it as a setting."""
    names = ("pypi", "pythonhosted", "docker", "ghcr", "quay", "npmjs", "crates")
    hosts = rf"\b({'|'.join(names)})\.(org|io|com)\b"
    found = subprocess.run(
        ["git", "grep", "-nIE", hosts], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert (found.returncode, found.stdout) == (1, "")
