"""A key that stays in a real secret store signs as one in a file does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connectors.errors import AccessDenied, SourceError
from connectors.secrets import Secret
from connectors.vault.vault import Vault
from harness.errors import ConfigurationError
from harness.signing import note, transit
from harness.signing.ed25519 import verify
from harness.signing.note import Checkpoint
from harness.signing.transit import TransitSigner
from tests.connectors.vault_fixture import Store, store
from tests.harness.signing.keys import trusting

REFERENCE = "transit:transit/seatrial"
POLICY = """
path "transit/keys/seatrial" { capabilities = ["read"] }
path "transit/sign/seatrial" { capabilities = ["update"] }
"""


@pytest.fixture(scope="module")
def running() -> Iterator[Store]:
    with store() as started:
        started.do("POST", "sys/mounts/transit", {"type": "transit"})
        started.do("POST", "transit/keys/seatrial", {"type": "ed25519"})
        started.do("POST", "transit/keys/other", {"type": "ecdsa-p256"})
        started.do("POST", "sys/policies/acl/signs", {"policy": POLICY})
        yield started


def vault(at: Store, token: str) -> Vault:
    return Vault(at.address, credentials=Secret("env:VAULT_TOKEN", token))


def test_it_signs_what_others_verify(running: Store) -> None:
    """With a token that may do this and nothing else."""
    signer = TransitSigner(vault(running, running.token("signs")), REFERENCE)
    assert verify(signer.public, b"PROVEN", signer.sign(b"PROVEN"))
    checkpoint = Checkpoint(origin="example.com/log", size=1, root=bytes(32))
    assert note.opened(note.seal(checkpoint, signer), trusting(signer)).signers


def test_a_rotated_key_signs_by_the_version_that_was_opened(running: Store) -> None:
    client = vault(running, running.root)
    before = TransitSigner(client, REFERENCE)
    running.do("POST", "transit/keys/seatrial/rotate", {})
    assert verify(before.public, b"PROVEN", before.sign(b"PROVEN"))
    assert TransitSigner(client, REFERENCE).public != before.public


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("transit:transit/none", "the store has no such key"),
        ("transit:elsewhere/seatrial", "the store has no such key"),
        ("transit:transit/other", "a key of type 'ecdsa-p256': make an ed25519"),
        ("transit:seatrial", "write transit:mount/key"),
        ("transit:transit/../seatrial", "write transit:mount/key"),
        ("transit:transit/..", "write transit:mount/key"),
    ],
)
def test_e04_a_key_that_is_not_there_is_one_line(
    running: Store, reference: str, says: str
) -> None:
    with pytest.raises(ConfigurationError, match=says) as caught:
        TransitSigner(vault(running, running.root), reference)
    assert "\n" not in str(caught.value)


def test_a_token_that_may_not_sign_is_refused_and_not_shown(running: Store) -> None:
    token = running.token("default")
    with pytest.raises(AccessDenied, match="answered 403: check the token env:VAULT_TOKEN") as it:
        TransitSigner(vault(running, token), REFERENCE)
    assert token not in str(it.value)


def test_e03_what_the_store_signs_is_verified(
    running: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that answers with another signature is not believed."""
    signer = TransitSigner(vault(running, running.root), REFERENCE)
    other = signer.sign(b"BROKEN")
    monkeypatch.setattr("connectors.vault.transit.sign", lambda *_: other)
    with pytest.raises(SourceError, match="is not this message"):
        signer.sign(b"PROVEN")
    monkeypatch.setattr(transit, "verify", lambda *_: True)  # the guard off
    assert signer.sign(b"PROVEN") == other
