"""A pilot whose secrets are in a store is proven with them, and they are shown nowhere."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli import SEATRIAL
from tests.connectors.vault_fixture import Store
from tests.harness.pilot.kept import SETTINGS, TOKEN, outcomes, prove, written

pytestmark = pytest.mark.long


def test_a_source_is_proven_with_a_password_that_is_in_the_store_alone(
    kept: Path, environ: dict[str, str], pilot_environ: dict[str, str]
) -> None:
    """Neither it nor the token is in anything that a run shows or writes."""
    ended = prove(kept, environ, "--debug")
    assert ended.code == 0, ended.err
    assert outcomes(kept) == {"PROVEN"}
    shown = ended.out + ended.err + written(kept.parent)
    for secret in (pilot_environ["CRM_PASSWORD"], environ["VAULT_TOKEN"]):
        assert secret not in shown


def test_a_machine_proves_it_by_approle_with_the_secret_id_in_a_file(
    kept: Path, vault: Store, environ: dict[str, str]
) -> None:
    """One log-in and no more: the secret id would not serve a second."""
    role_id, secret_id = vault.approle(vault.allow("crm"), uses=1)
    secret = kept / "secret-id"
    secret.write_text(secret_id)
    secret.chmod(0o600)
    approle = f"role_id: {role_id}, secret_id: file:{secret}"
    (kept / "pilot.yaml").write_text(SETTINGS.replace(TOKEN, approle))
    ended = prove(kept, environ)
    assert ended.code == 0, ended.err
    assert outcomes(kept) == {"PROVEN"}


def test_a_password_that_is_no_longer_right_is_refused_by_the_source_and_shown_nowhere(
    kept: Path, vault: Store, environ: dict[str, str]
) -> None:
    vault.put("crm", password="canary-31f0")
    ended = prove(kept, environ, "--debug")
    assert ended.code == 4
    assert "28P01" in ended.out
    assert "canary-31f0" not in ended.out + ended.err + written(kept.parent)


def told(path: Path) -> str:
    try:
        return path.read_bytes().decode(errors="replace")
    except OSError:  # it has ended
        return ""


def test_the_process_list_shows_neither_token_nor_password(
    kept: Path, environ: dict[str, str], pilot_environ: dict[str, str]
) -> None:
    """Sampled for as long as the run lasts."""
    process = subprocess.Popen(
        [SEATRIAL, "prove", "kept"],
        cwd=kept.parent,
        env={"PATH": "/usr/bin:/bin", "HOME": str(kept), **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    seen = set()
    while process.poll() is None:
        seen |= {shown for path in Path("/proc").glob("[0-9]*/cmdline") if (shown := told(path))}
    assert any("seatrial" in shown for shown in seen)
    for secret in (pilot_environ["CRM_PASSWORD"], environ["VAULT_TOKEN"]):
        assert not [shown for shown in seen if secret in shown]
