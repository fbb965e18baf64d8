"""References into a real secret store: the value, or one line that never holds it."""

from __future__ import annotations

import logging
import ssl
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from connectors.errors import AccessDenied, SourceChanged, SourceError, SourceUnavailable
from connectors.secrets import MissingReference, Secret
from connectors.vault.place import parse_reference
from connectors.vault.token import AppRole
from connectors.vault.vault import Vault
from estate.process import free_port
from tests.connectors.scripted import Said, scripted
from tests.connectors.vault_fixture import PASSWORD, Store, store

REFERENCE = "vault:secret/team/crm#password"


@pytest.fixture(scope="module")
def running() -> Iterator[Store]:
    with store() as started:
        started.put("team/crm", password=PASSWORD, user="reader", number=7, empty="")
        yield started


def vault(at: Store, token: str | None = None) -> Vault:
    return Vault(at.address, credentials=Secret("env:VAULT_TOKEN", token or at.root))


def refused(client: Vault, kind: type[Exception], said: str, reference: str = REFERENCE) -> str:
    with pytest.raises(kind, match=said) as caught:
        client.value(reference)
    assert str(caught.value).startswith(reference)
    assert "\n" not in str(caught.value)
    return "".join(traceback.format_exception(caught.value))


def test_a_reference_leads_to_the_text_of_its_field(running: Store) -> None:
    assert vault(running).value(REFERENCE) == PASSWORD
    assert vault(running).value("vault:secret/team/crm#user") == "reader"


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("vault:secret/team/crn#password", "nothing there"),
        ("vault:secreet/team/crm#password", "nothing there"),
        ("vault:secret/team/crm#pasword", "no text in this field"),
        ("vault:secret/team/crm#number", "no text in this field"),
        ("vault:secret/team/crm#empty", "no text in this field"),
        ("vault:secret/team/crm", "write vault:mount/path#field"),
        ("vault:secret#password", "write vault:mount/path#field"),
        ("vault:secret/../sys/seal#password", "write vault:mount/path#field"),
        ("vault:secret//crm#password", "write vault:mount/path#field"),
    ],
)
def test_a_path_or_field_that_is_not_there_is_missing(
    running: Store, reference: str, said: str
) -> None:
    refused(vault(running), MissingReference, said, reference)


def test_what_was_deleted_is_missing(running: Store) -> None:
    running.put("gone", password="x")
    running.do("DELETE", "secret/data/gone")
    refused(vault(running), MissingReference, "nothing there", "vault:secret/gone#password")


def test_a_token_reads_what_its_policy_allows_and_no_more(running: Store) -> None:
    token = running.token(running.allow("team/crm"))
    assert vault(running, token).value(REFERENCE) == PASSWORD
    other = running.token(running.allow("team/erp"))
    shown = refused(vault(running, other), AccessDenied, "403: check the token env:VAULT_TOKEN")
    assert other not in shown


def test_a_token_that_no_header_can_hold_is_refused_and_not_repeated(running: Store) -> None:
    for token in ("canary\u00fc", "canary 7", "canary\n7"):
        shown = refused(vault(running, token), AccessDenied, "no header can hold the token")
        assert "canary" not in shown.replace(PASSWORD, "")


def test_a_machine_logs_in_once_by_approle(running: Store) -> None:
    """The secret id serves one log-in; two documents are read with it."""
    running.put("team/erp", password="p2")
    policy = running.allow("team/*")
    role_id, secret_id = running.approle(policy, uses=1)
    client = Vault(
        running.address,
        credentials=AppRole(role_id=role_id, secret_id=Secret("env:SECRET_ID", secret_id)),
    )
    assert client.value(REFERENCE) == PASSWORD
    assert client.value("vault:secret/team/erp#password") == "p2"
    spent = Vault(
        running.address,
        credentials=AppRole(role_id=role_id, secret_id=Secret("env:SECRET_ID", secret_id)),
    )
    shown = refused(spent, AccessDenied, "check role_id and secret_id env:SECRET_ID")
    assert secret_id not in shown


def test_each_document_is_asked_for_once_whatever_came_of_it() -> None:
    def answers(_: object) -> Said:
        return Said({"data": {"data": {"a": "1", "b": "2"}}}) if len(asks.asked) < 2 else Said()

    with scripted(answers) as asks:
        client = Vault(asks.url, credentials=Secret("env:T", "t"), namespace="team")
        assert [client.value(f"vault:kv/x y#{name}") for name in "ab"] == ["1", "2"]
        for name in "ab":  # and each reference is named in what became of it
            refused(client, SourceChanged, "is no answer of a store", f"vault:kv/z#{name}")
    assert asks.paths() == ["/v1/kv/data/x%20y", "/v1/kv/data/z"]
    assert {asked.headers["x-vault-token"] for asked in asks.asked} == {"t"}
    assert {asked.headers["x-vault-namespace"] for asked in asks.asked} == {"team"}


def test_a_redirect_is_not_followed_with_the_token() -> None:
    with (
        scripted(lambda _: Said()) as other,
        scripted(lambda _: Said(b"", 307, {"location": other.url})) as asks,
    ):
        client = Vault(asks.url, credentials=Secret("env:T", "t"))
        refused(client, SourceChanged, "a redirect: correct the address")
        assert other.asked == []


def test_a_store_that_is_sealed_or_down_is_unavailable() -> None:
    nowhere = Vault(f"http://127.0.0.1:{free_port()}", credentials=Secret("env:T", "t"))
    refused(nowhere, SourceUnavailable, "no connection: check that the server runs")
    with store() as sealed:
        sealed.do("PUT", "sys/seal")
        refused(vault(sealed), SourceUnavailable, "answered 503")


def test_a_store_beyond_this_machine_is_asked_by_tls_alone() -> None:
    with pytest.raises(ValueError, match="use https"):
        Vault("http://store.example:8200", credentials=Secret("env:T", "t"))


def test_a_store_that_nobody_vouches_for_is_sent_no_token(tmp_path: Path) -> None:
    authority, ca_file = trustme.CA(), tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with scripted(lambda _: Said({"data": {"data": {"b": "1"}}}), tls) as asks:
        token = Secret("env:T", "t")
        refused(
            Vault(asks.url, credentials=token), AccessDenied, "TLS is not trusted", "vault:kv/a#b"
        )
        assert asks.asked == []
        assert Vault(asks.url, credentials=token, ca_file=ca_file).value("vault:kv/a#b") == "1"


def test_neither_token_nor_value_is_in_a_repr_an_error_or_a_log(
    running: Store, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    token = running.token(running.allow("team/crm"))
    client = vault(running, token)
    assert client.value(REFERENCE) == PASSWORD
    said = [repr(client), repr(client.__dict__["_token"]), caplog.text]
    for reference in ("vault:secret/team/crm#no", "vault:secret/team/no#no", "vault:secret/x"):
        with pytest.raises((SourceError, MissingReference)) as caught:
            client.value(reference)
        said.append("".join(traceback.format_exception(caught.value)))
    said += capfd.readouterr()
    assert not [text for text in said if token in text or PASSWORD in text]


def test_a_reference_names_mount_path_and_field() -> None:
    assert parse_reference(REFERENCE) == (("vault:", "secret", "team/crm"), "password")
    assert parse_reference("vault:kv/a#b#c") == (("vault:", "kv", "a"), "b#c")
