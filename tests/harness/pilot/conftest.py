"""A running store, a pilot whose password is in it, and all that this pilot needs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.vault_fixture import Store, store
from tests.harness.pilot.kept import PILOT, SETTINGS


@pytest.fixture(scope="session")
def vault() -> Iterator[Store]:
    with store() as started:
        yield started


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "pilot.py").write_text(PILOT)
    (folder / "pilot.yaml").write_text(SETTINGS)
    return folder


@pytest.fixture
def environ(vault: Store, pilot_environ: dict[str, str]) -> dict[str, str]:
    """All that the pilot needs; the password is in the store and nowhere else."""
    vault.put("crm", password=pilot_environ["CRM_PASSWORD"])
    return {
        "CRM_URL": pilot_environ["CRM_URL"],
        "VAULT_ADDR": vault.address,
        "VAULT_TOKEN": vault.token(vault.allow("cr*")),
    }
