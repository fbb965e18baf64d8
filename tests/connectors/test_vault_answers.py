"""Nothing but the store's answer to our question is a secret of ours."""

from __future__ import annotations

import pytest

from connectors.errors import AccessDenied, SourceChanged, SourceUnavailable
from connectors.http.silence import Silence
from connectors.secrets import MissingReference, Secret
from connectors.vault.token import AppRole
from connectors.vault.vault import Vault
from tests.connectors.http.kept_open import Talk, answer
from tests.connectors.http.raw_server import serving
from tests.connectors.scripted import Said, scripted

TOKEN = answer(b'{"auth": {"client_token": "t0"}}')
FORGED = answer(b'{"data": {"data": {"password": "canary"}}}')


def machine(url: str) -> Vault:
    """It logs in and asks for a document on one connection."""
    secret_id = Secret("env:SECRET_ID", "s")
    return Vault(url.partition("/data")[0], credentials=AppRole(role_id="r", secret_id=secret_id))


def test_bytes_behind_a_log_in_are_no_document() -> None:
    with (
        serving(Talk(TOKEN + FORGED)) as url,
        pytest.raises(SourceUnavailable, match="bytes came behind") as told,
    ):
        machine(url).value("vault:kv/a#password")
    assert "canary" not in str(told.value)


def test_without_the_look_they_would_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control."""
    monkeypatch.setattr(Silence, "require", lambda _: None)
    with serving(Talk(TOKEN + FORGED)) as url:
        assert machine(url).value("vault:kv/a#password") == "canary"


@pytest.mark.parametrize("status", [400, 403])
def test_a_refused_log_in_is_one_try_for_all_secrets(status: int) -> None:
    """Stores lock out who is refused some times, and each secret would be a try."""
    with scripted(lambda _: Said({}, status)) as store:
        vault = machine(store.url)
        for path in ("a", "b", "c"):
            with pytest.raises(
                AccessDenied, match=f"vault:kv/{path}#password: .* {status}: check"
            ):
                vault.value(f"vault:kv/{path}#password")
        assert store.paths() == ["/v1/auth/approle/login"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ('{"data": {"data": {"a": "canary", "a": "2"}}}', "its JSON has a key twice"),
        ('{"data": {"data": {"a": "canary"}, "data": {}}}', "its JSON has a key twice"),
        ('{"data": {"data": {"a": "canary", "b": {"c": 1, "c": 1}}}}', "its JSON has a key twice"),
        (f'{{"data": {{"data": {{"a": {"[" * 900}{"]" * 900}}}}}}}', "its JSON is nested more"),
        ('{"data": {"data": ["canary"]}}', "no answer of a store: check"),
    ],
    ids=["field", "document", "inner", "deep", "list"],
)
def test_no_secret_is_taken_from_an_answer_that_can_be_read_in_two_ways(
    said: str, why: str
) -> None:
    with (
        scripted(lambda _: Said(said.encode())) as asks,
        pytest.raises(SourceChanged, match=why) as told,
    ):
        Vault(asks.url, credentials=Secret("env:T", "t")).value("vault:kv/a#a")
    assert "canary" not in str(told.value)


def test_half_a_character_is_no_secret_and_none_beside_it_is_lost() -> None:
    both = Said(b'{"data": {"data": {"a": "canary\\ud800", "b": "2"}}}')
    with scripted(lambda _: both) as asks:
        store = Vault(asks.url, credentials=Secret("env:T", "t"))
        with pytest.raises(MissingReference, match="vault:kv/a#a: its value is no text") as told:
            store.value("vault:kv/a#a")
        assert store.value("vault:kv/a#b") == "2"
    assert "canary" not in str(told.value)
