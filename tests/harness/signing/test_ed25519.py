"""Signatures are those of RFC 8032, and nothing else is one."""

from __future__ import annotations

import pickle

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
)

from harness.signing import ed25519
from harness.signing.ed25519 import Unverified, from_base64, from_pem, pem, verify
from harness.signing.signer import from_private_pem, from_seed
from tests.harness.signing.keys import ANNS, BOBS

# RFC 8032, section 7.1: seed, public key, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]


@pytest.mark.parametrize(("seed", "public", "message", "signature"), VECTORS)
def test_the_vectors_of_rfc_8032_hold(
    seed: str, public: str, message: str, signature: str
) -> None:
    key = from_seed(bytes.fromhex(seed))
    assert key.public.hex() == public
    assert key.sign(bytes.fromhex(message)).hex() == signature
    assert verify(key.public, bytes.fromhex(message), bytes.fromhex(signature))


def test_e03_a_signature_of_another_length_key_or_message_is_none() -> None:
    signature = ANNS.sign(b"PROVEN")
    assert verify(ANNS.public, b"PROVEN", signature)
    assert not verify(BOBS.public, b"PROVEN", signature)
    assert not verify(ANNS.public, b"BROKEN", signature)
    for wrong in (b"", signature[:-1], signature + b"\0", bytes(64)):
        assert not verify(ANNS.public, b"PROVEN", wrong)
    for wrong in (b"", ANNS.public[:-1], ANNS.public + b"\0", bytes(32)):
        assert not verify(wrong, b"PROVEN", signature)


def test_a_public_key_is_written_as_openssl_reads_it() -> None:
    assert from_pem(pem(ANNS.public)) == ANNS.public
    elsewhere = generate_private_key(SECP256R1()).public_key()
    other = elsewhere.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    for wrong in ("", other, pem(ANNS.public)[:-40], ANNS.pem()):
        with pytest.raises(Unverified, match="no Ed25519 public key"):
            from_pem(wrong)


def test_base64_has_one_spelling() -> None:
    assert from_base64("YQ==") == b"a"
    for other in ("YR==", "YQ", "YQ==\n", "YQ= =", "YQ=", "%"):
        with pytest.raises(Unverified):
            from_base64(other)


def test_a_private_key_is_shown_nowhere() -> None:
    seed = bytes(range(32))
    key = from_seed(seed)
    assert from_private_pem(key.pem()).public == key.public
    with pytest.raises(TypeError, match="not to be pickled"):
        pickle.dumps(key)
    assert seed.hex() not in repr(key)
    assert str(seed) not in repr(key)


def test_e04_an_encrypted_key_and_another_kind_of_key_are_refused() -> None:
    key = generate_private_key(SECP256R1())
    encryption = BestAvailableEncryption(b"x")
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption).decode()
    with pytest.raises(Unverified, match="is encrypted"):
        from_private_pem(locked)
    for wrong in ("", "no key", ed25519.pem(ANNS.public)):
        with pytest.raises(Unverified, match="no Ed25519 private key"):
            from_private_pem(wrong)
