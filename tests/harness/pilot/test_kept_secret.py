"""A refresh token of a pilot: the child that reads replaces it in the store."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs

import pytest

from tests.connectors.scripted import Asked, Said, scripted
from tests.connectors.vault_fixture import Store
from tests.harness.pilot.kept import CONTRACT, SETTINGS, doctor, outcomes, prove, written

pytestmark = pytest.mark.long

PILOT = f"""\
from seatrial import Address, Contract, Pilot, Promises, Source
from seatrial.rest import ROOT, Endpoint, RateLimiter, RefreshToken, Rest, single
{CONTRACT}
LIST = Endpoint(path="/customers", pages=single(), rows=ROOT)

def crm(at: Address) -> Rest:
    return Rest(
        base_url=at.text("url"),
        auth=RefreshToken(
            token_path="/token", client_id="us", refresh_token=at.kept("password")
        ),
        endpoints={{"customers": LIST}},
        budget=RateLimiter(requests=50, seconds=1),
    )

PILOT = Pilot(name="kept", sources=(Source(name="crm", connect=crm, contracts=(CUSTOMERS,)),))
"""
RULE = 'path "secret/data/crm" { capabilities = ["read", "update"] }'


def test_a04_a_run_leaves_the_store_with_the_token_that_works_next(
    kept: Path, vault: Store
) -> None:
    """Two runs, each by the token that the one before left, and none of them is shown."""
    (kept / "pilot.py").write_text(PILOT)
    vault.put("crm", password="canary-0")
    vault.do("POST", "sys/policies/acl/renewer", {"policy": RULE})
    used: list[str] = []

    def answers(asked: Asked) -> Said:
        if asked.path != "/token":
            return Said([{"customer_key": 1}])
        used.extend(parse_qs(asked.body.decode())["refresh_token"])
        new = {"access_token": f"canary-t{len(used)}", "refresh_token": f"canary-{len(used)}"}
        return Said({"token_type": "Bearer", **new})

    with scripted(answers) as source:
        environ = {
            "CRM_URL": source.url,
            "VAULT_ADDR": vault.address,
            "VAULT_TOKEN": vault.token("renewer"),
        }
        for _ in range(2):
            ended = prove(kept, environ, "--debug")
            assert ended.code == 3, ended.out + ended.err  # no total: complete is UNPROVEN
            assert outcomes(kept) == {"PROVEN", "UNPROVEN"}
            assert "canary" not in ended.out + ended.err + written(kept.parent)
            assert environ["VAULT_TOKEN"] not in written(kept.parent)
    assert used == [f"canary-{n}" for n in range(len(used))]
    left = vault.do("GET", "secret/data/crm")["data"]["data"]["password"]
    assert left == f"canary-{len(used)}"


@pytest.mark.parametrize("reference", ["env:CRM_TOKEN", "file:/nowhere/token"])
def test_a_variable_or_a_file_is_refused_for_it(kept: Path, vault: Store, reference: str) -> None:
    (kept / "pilot.py").write_text(PILOT)
    text = SETTINGS.replace('"vault:secret/crm#password"', reference)
    (kept / "pilot.yaml").write_text(text)
    environ = {"CRM_URL": "https://crm.example", "CRM_TOKEN": "canary"}
    environ |= {"VAULT_ADDR": vault.address, "VAULT_TOKEN": "unused"}
    if reference.startswith("file:"):
        secret = kept / "token"
        secret.write_text("canary")
        secret.chmod(0o600)
        (kept / "pilot.yaml").write_text(text.replace("/nowhere/token", str(secret)))
    told = " ".join(doctor(kept, environ).out.split())
    assert "password is replaced as it is used, which no variable and no file can be" in told
    assert "write vault:mount/path#field" in told
