"""An envelope is opened by a key that signed it, or not at all (E03)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from harness.signing import dsse
from harness.signing.dsse import opened, pae, seal
from harness.signing.ed25519 import Unverified, key_id, to_base64
from tests.harness.signing.keys import ANNS, BOBS, trusting

PAYLOAD = b'{"verdict":"PROVEN"}'
KIND = "application/vnd.in-toto+json"
ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of Ed25519's base point (RFC 8032 section 5.1)."""


def envelope() -> dict[str, Any]:
    return dict(json.loads(seal(KIND, PAYLOAD, ANNS)))


def written(found: object) -> bytes:
    return json.dumps(found, sort_keys=True, separators=(",", ":")).encode()


def test_a_payload_comes_back_with_who_signed_it() -> None:
    found = opened(seal(KIND, PAYLOAD, ANNS, BOBS), trusting(ANNS, BOBS))
    assert (found.payload_type, found.payload) == (KIND, PAYLOAD)
    assert sorted(found.signers) == sorted(trusting(ANNS, BOBS))


def test_a_signature_is_over_the_type_too() -> None:
    """The example of the DSSE protocol, version 1."""
    assert (
        pae("http://example.com/HelloWorld", b"hello world")
        == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )
    other = envelope() | {"payloadType": "text/plain"}
    refused(written(other), "did not sign")


def test_the_same_payload_gives_the_same_bytes() -> None:
    assert seal(KIND, PAYLOAD, ANNS, BOBS) == seal(KIND, PAYLOAD, BOBS, ANNS)


def test_a_stranger_beside_a_trusted_key_is_named_and_not_believed() -> None:
    found = opened(seal(KIND, PAYLOAD, ANNS, BOBS), trusting(ANNS))
    assert found.signers == (key_id(ANNS.public),)
    assert found.strangers == (key_id(BOBS.public),)


def by_other_key(found: dict[str, Any]) -> None:
    found["signatures"] = json.loads(seal(KIND, PAYLOAD, BOBS))["signatures"]


def key_id_swapped(found: dict[str, Any]) -> None:
    by_other_key(found)
    found["signatures"][0]["keyid"] = key_id(ANNS.public)


def other_key_id(found: dict[str, Any]) -> None:
    found["signatures"][0]["keyid"] = key_id(BOBS.public)


def no_signatures(found: dict[str, Any]) -> None:
    found["signatures"] = []


def empty_signature(found: dict[str, Any]) -> None:
    found["signatures"][0]["sig"] = ""


def zeros(found: dict[str, Any]) -> None:
    found["signatures"][0]["sig"] = to_base64(bytes(64))


def by_ecdsa(found: dict[str, Any]) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    signature = key.sign(pae(KIND, PAYLOAD), ec.ECDSA(SHA256()))
    found["signatures"][0]["sig"] = to_base64(signature)


def by_rsa(found: dict[str, Any]) -> None:
    key = rsa.generate_private_key(65537, 2048)
    signature = key.sign(pae(KIND, PAYLOAD), PKCS1v15(), SHA256())
    found["signatures"][0]["sig"] = to_base64(signature)


def another_algorithm_named(found: dict[str, Any]) -> None:
    found["signatures"][0]["alg"] = "none"


def over_the_payload_alone(found: dict[str, Any]) -> None:
    found["signatures"][0]["sig"] = to_base64(ANNS.sign(PAYLOAD))


def malleable(found: dict[str, Any]) -> None:
    """S + L instead of S, which RFC 8032 section 5.1.7 has refused."""
    signature = ANNS.sign(pae(KIND, PAYLOAD))
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    found["signatures"][0]["sig"] = to_base64(signature[:32] + scalar.to_bytes(32, "little"))


def payload_changed(found: dict[str, Any]) -> None:
    found["payload"] = to_base64(PAYLOAD.replace(b"PROVEN", b"BROKEN"))


FORGERIES = (
    *(by_other_key, key_id_swapped, other_key_id, no_signatures, empty_signature, zeros),
    *(by_ecdsa, by_rsa, another_algorithm_named, over_the_payload_alone, malleable),
    payload_changed,
)


def refused(data: bytes, said: str | None = None) -> None:
    with pytest.raises(Unverified, match=said) as caught:
        opened(data, trusting(ANNS))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_e03_a_forged_signature_opens_nothing(forge: Callable[[dict[str, Any]], None]) -> None:
    found = envelope()
    forge(found)
    refused(written(found))


@pytest.mark.parametrize("forge", [key_id_swapped, zeros, malleable, payload_changed])
def test_e03_without_that_guard_it_would(
    forge: Callable[[dict[str, Any]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard off: each is opened, so it is the verification alone that refuses it."""
    monkeypatch.setattr(dsse, "verify", lambda *_: True)
    found = envelope()
    forge(found)
    assert opened(written(found), trusting(ANNS)).signers


def test_a_key_under_another_id_opens_nothing() -> None:
    with pytest.raises(Unverified):
        opened(seal(KIND, PAYLOAD, ANNS), {key_id(ANNS.public): BOBS.public})


def test_e06_an_envelope_has_one_spelling() -> None:
    sealed = seal(KIND, PAYLOAD, ANNS)
    refused(json.dumps(json.loads(sealed), indent=1).encode(), "canonical")
    refused(sealed.replace(b"application", rb"\u0061pplication"), "canonical")
    refused(sealed.replace(b"{", b'{"payload":"",', 1), "twice")
    refused(sealed + b"\n", "canonical")
    refused(b"\xff" + sealed, "no JSON")
    refused(b"[" * 100_000, "no JSON")


def test_e01_no_bit_of_an_envelope_changes_unseen() -> None:
    sealed = seal(KIND, PAYLOAD, ANNS)
    for at in range(len(sealed) * 8):
        flipped = bytearray(sealed)
        flipped[at // 8] ^= 1 << at % 8
        refused(bytes(flipped))


def test_a_key_that_signs_twice_is_refused() -> None:
    found = envelope()
    found["signatures"] *= 2
    refused(written(found), "canonical")


def test_what_is_too_large_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dsse, "MOST_BYTES", 10)
    refused(seal(KIND, PAYLOAD, ANNS), "more than 10 bytes")
