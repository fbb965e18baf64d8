"""The doctor follows references into the store, and shows no value."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.pilot.kept import doctor

pytestmark = pytest.mark.long


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
