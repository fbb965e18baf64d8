"""A pilot whose secrets are in a store: proven with them, or ended in one line without them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster_proven import run
from engagement import write

from estate.process import free_port
from harness.errors import ConfigurationError
from harness.pilot import loading
from tests.cli import SEATRIAL, seatrial
from tests.connectors.vault_fixture import Store, store
from tests.shell import Ended

pytestmark = pytest.mark.long

CONTRACT = """\
import pandera.polars as pa

CUSTOMERS = Contract(
    name="customers",
    promises=Promises(key=("customer_key",)),
    schema=pa.DataFrameSchema(
        {"customer_key": pa.Column("int64", description="The customer's number")}, strict=True
    ),
)
"""
PILOT = f"""\
from seatrial import Address, Contract, Pilot, Promises, Source
from seatrial.sql import Sql
{CONTRACT}

def crm(at: Address) -> Sql:
    return Sql(
        url=at.text("url"), password=at.secret("password"), tables={{"customers": "customers"}}
    )

PILOT = Pilot(name="kept", sources=(Source(name="crm", connect=crm, contracts=(CUSTOMERS,)),))
"""
SETTINGS = """\
title: Kept in a store
environments:
  dev:
    evidence_class: sandbox
    vault: {address: env:VAULT_ADDR, token: env:VAULT_TOKEN}
    sources:
      crm: {url: env:CRM_URL, password: "vault:secret/crm#password"}
"""
TOKEN = "token: env:VAULT_TOKEN"


@pytest.fixture(scope="module")
def running() -> Iterator[Store]:
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
def environ(running: Store, pilot_environ: dict[str, str]) -> dict[str, str]:
    """All that the pilot needs; the password is in the store and nowhere else."""
    running.put("crm", password=pilot_environ["CRM_PASSWORD"])
    return {
        "CRM_URL": pilot_environ["CRM_URL"],
        "VAULT_ADDR": running.address,
        "VAULT_TOKEN": running.token(running.allow("cr*")),
    }


def prove(kept: Path, environ: dict[str, str], *arguments: str) -> Ended:
    claims = ("--claim", "complete", "--claim", "conforms")
    return seatrial(["prove", "kept", *claims, *arguments], cwd=kept.parent, environ=environ)


def outcomes(kept: Path) -> set[str]:
    document = json.loads((kept.parent / "out/kept/verdicts.json").read_text())
    return {verdict["outcome"] for verdict in document["verdicts"]}


def written(folder: Path) -> str:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return "".join(path.read_bytes().decode(errors="replace") for path in files)


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
    kept: Path, running: Store, environ: dict[str, str]
) -> None:
    """One log-in and no more: the secret id would not serve a second."""
    role_id, secret_id = running.approle(running.allow("crm"), uses=1)
    secret = kept / "secret-id"
    secret.write_text(secret_id)
    secret.chmod(0o600)
    approle = f"role_id: {role_id}, secret_id: file:{secret}"
    (kept / "pilot.yaml").write_text(SETTINGS.replace(TOKEN, approle))
    ended = prove(kept, environ)
    assert ended.code == 0, ended.err
    assert outcomes(kept) == {"PROVEN"}


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


def test_a_password_that_is_no_longer_right_is_refused_by_the_source_and_shown_nowhere(
    kept: Path, running: Store, environ: dict[str, str]
) -> None:
    running.put("crm", password="canary-31f0")
    ended = prove(kept, environ, "--debug")
    assert ended.code == 4
    assert "28P01" in ended.out
    assert "canary-31f0" not in ended.out + ended.err + written(kept.parent)


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


def test_dagster_is_told_in_the_same_line(
    tmp_path: Path, instance: dg.DagsterInstance, environ: dict[str, str]
) -> None:
    loaded = loading.load(write(tmp_path, py=PILOT, yaml=SETTINGS))
    nowhere = {**environ, "VAULT_ADDR": f"http://127.0.0.1:{free_port()}"}
    ended = run(loaded, instance, tmp_path / "out", nowhere)
    assert not ended.result.success
    assert "vault:secret/crm#password: GET 127.0.0.1" in ended.failures()
    assert "no connection: check that the server runs" in ended.failures()


def test_loading_a_pilot_asks_no_store(tmp_path: Path) -> None:
    loaded = loading.load(write(tmp_path, py=PILOT, yaml=SETTINGS))
    loaded.address("dev", "crm", loaded.references("dev", {}))


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


def told(path: Path) -> str:
    try:
        return path.read_bytes().decode(errors="replace")
    except OSError:  # it has ended
        return ""


def doctor(kept: Path, environ: dict[str, str]) -> Ended:
    return seatrial(["doctor", "kept"], cwd=kept.parent, environ=environ)


def test_the_doctor_follows_references_into_the_store_and_shows_no_value(
    kept: Path, environ: dict[str, str], pilot_environ: dict[str, str]
) -> None:
    ended = doctor(kept, {**environ, "SEATRIAL_LEDGER": "vault:secret/crm#url"})
    text = " ".join(ended.out.split())
    assert "vault.address VAULT_ADDR is set" in text
    assert "vault.token VAULT_TOKEN is set" in text
    assert "crm.password vault:secret/crm#password leads to a secret" in text
    assert "crm log-in accepted" in text
    assert "variable SEATRIAL_LEDGER is set" in text
    assert "run.ledger vault:secret/crm#url: the store has no text in this field" in text
    assert ended.code == 2
    for secret in (pilot_environ["CRM_PASSWORD"], environ["VAULT_TOKEN"]):
        assert secret not in ended.out


def test_the_doctor_tells_a_store_that_does_not_answer_from_a_variable_that_is_missing(
    kept: Path, environ: dict[str, str]
) -> None:
    refused = doctor(kept, {**environ, "VAULT_TOKEN": "wrong"})
    assert refused.code == 4
    assert "no answer  crm.password" in refused.out
    assert "not tried" in refused.out
    lost = doctor(kept, {"CRM_URL": environ["CRM_URL"]})
    assert lost.code == 2
    assert lost.out.count("VAULT_ADDR is missing") == 2  # the store's own line, and who needs it
