"""What the store does not give ends the run in one line, before it begins."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
import pytest

from estate.process import free_port
from harness.pilot import loading
from tests.connectors.vault_fixture import store
from tests.harness.dagster_proven import run
from tests.harness.engagement import write
from tests.harness.pilot.kept import PILOT, SETTINGS, prove

pytestmark = pytest.mark.long


def test_the_ledgers_url_may_be_in_the_store(kept: Path, environ: dict[str, str]) -> None:
    ended = prove(kept, environ, "--ledger", "vault:secret/crm#url")
    assert ended.code == 2
    assert "vault:secret/crm#url: the store has no text in this field" in ended.complaint


@pytest.mark.parametrize(
    ("reference", "code", "said"),
    [
        ("secret/erp#password", 4, "answered 403: check the token env:VAULT_TOKEN"),
        ("secret/crn#password", 2, "the store has nothing there"),
        ("secret/crm#pasword", 2, "the store has no text in this field"),
        ("secret/crm", 2, "write vault:mount/path#field"),
    ],
)
def test_what_the_store_does_not_give_ends_the_run_before_it_begins(
    kept: Path, environ: dict[str, str], reference: str, code: int, said: str
) -> None:
    (kept / "pilot.yaml").write_text(SETTINGS.replace("secret/crm#password", reference))
    ended = prove(kept, environ)
    assert (ended.code, ended.out) == (code, "")
    assert f"vault:{reference}: " in ended.complaint
    assert said in ended.complaint
    assert not (kept.parent / "out").exists()


def test_a_wrong_token_is_refused_and_not_repeated(kept: Path, environ: dict[str, str]) -> None:
    ended = prove(kept, {**environ, "VAULT_TOKEN": "canary-9e1d"})
    assert ended.code == 4
    assert "403: check the token env:VAULT_TOKEN" in ended.complaint
    assert "canary-9e1d" not in ended.err


def test_a_store_that_is_sealed_or_down_ends_with_4(kept: Path, environ: dict[str, str]) -> None:
    with store() as other:
        other.do("PUT", "sys/seal")
        there = {**environ, "VAULT_ADDR": other.address}
        sealed = prove(kept, there)
    down = prove(kept, there)
    assert (sealed.code, down.code) == (4, 4)
    assert "vault:secret/crm#password: " in sealed.complaint
    assert "answered 503" in sealed.complaint
    assert "no connection: check that the server runs" in down.complaint


def test_dagster_is_told_in_the_same_line(
    tmp_path: Path, instance: dg.DagsterInstance, environ: dict[str, str]
) -> None:
    loaded = loading.load(write(tmp_path, py=PILOT, yaml=SETTINGS))
    nowhere = {**environ, "VAULT_ADDR": f"http://127.0.0.1:{free_port()}"}
    ended = run(loaded, instance, tmp_path / "out", nowhere)
    assert not ended.result.success
    assert "vault:secret/crm#password: GET 127.0.0.1" in ended.failures()
    assert "no connection: check that the server runs" in ended.failures()
