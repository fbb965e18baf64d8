"""A store that is named wrongly or in part is told with its line; loading asks none."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import ConfigurationError
from harness.pilot import loading
from tests.harness.engagement import write
from tests.harness.pilot.kept import PILOT, SETTINGS, doctor, prove

pytestmark = pytest.mark.long


def test_the_variables_of_the_store_are_named_with_all_that_is_missing(kept: Path) -> None:
    ended = prove(kept, {}, "--ledger", "env:LEDGER_URL")
    assert ended.code == 2
    for name in ("CRM_URL", "VAULT_ADDR", "VAULT_TOKEN", "LEDGER_URL"):
        assert name in ended.complaint


def test_a_secret_file_that_is_not_there_is_named_with_all_that_is_missing(kept: Path) -> None:
    (kept / "pilot.yaml").write_text(SETTINGS.replace("env:VAULT_TOKEN", "file:/nowhere/token"))
    ended = prove(kept, {}, "--ledger", "file:/nowhere/ledger")
    assert ended.code == 2
    for name in ("CRM_URL", "VAULT_ADDR", "/nowhere/token", "/nowhere/ledger"):
        assert name in ended.complaint


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("token: env:VAULT_TOKEN", "token: canary", "holds a secret itself"),
        ("token: env:VAULT_TOKEN", "secret_id: canary, role_id: r", "holds a secret itself"),
        ("token: env:VAULT_TOKEN", 'token: "vault:a/b#c"', "leads into the store itself"),
        (", token: env:VAULT_TOKEN", "", "name token, or role_id and secret_id"),
        ("token: env:VAULT_TOKEN", "role_id: r", "name token, or role_id and secret_id"),
        ("token: env:VAULT_TOKEN", "token: env:A, role_id: r", "name token, or role_id and"),
        ("token: env:VAULT_TOKEN", "tokn: env:A", "vault.tokn: unknown key"),
    ],
)
def test_a_store_that_is_named_wrongly_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in SETTINGS
    folder = write(tmp_path, py=PILOT, yaml=SETTINGS.replace(old, new))
    with pytest.raises(ConfigurationError, match=said) as error:
        loading.load(folder)
    assert "pilot.yaml:5: environments.dev.vault" in str(error.value)
    assert "canary" not in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    vault: {address: env:VAULT_ADDR, token: env:VAULT_TOKEN}\n", "", "add vault: there"),
        ("env:VAULT_ADDR", "http://store.example:8200", "pilot.yaml:3: vault.address: http://"),
    ],
)
def test_a_store_that_cannot_be_asked_is_told_before_anything_is(
    kept: Path, environ: dict[str, str], old: str, new: str, said: str
) -> None:
    assert old in SETTINGS
    (kept / "pilot.yaml").write_text(SETTINGS.replace(old, new))
    ended = prove(kept, environ)
    assert ended.code == 2
    assert said in ended.complaint
    looked = doctor(kept, {**environ, "SEATRIAL_LEDGER": "vault:secret/crm#url"})
    assert looked.code == 2
    text = "".join(looked.out.split())  # its lines are folded, wherever a long path ends
    assert text.count("".join(said.split())) >= 2


def test_loading_a_pilot_asks_no_store(tmp_path: Path) -> None:
    loaded = loading.load(write(tmp_path, py=PILOT, yaml=SETTINGS))
    loaded.address("dev", "crm", loaded.references("dev", {}))
