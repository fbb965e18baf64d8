"""Who signs: something that has a public key and gives signatures. Where its private key lies is
its own affair: in a file (`key_file`), in the secret store (`transit`), in a device (`pkcs11`).
"""

from __future__ import annotations

import re
from typing import Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from harness.signing.ed25519 import Unverified

_ENCRYPTED = re.compile("-----BEGIN ENCRYPTED|Proc-Type: 4,ENCRYPTED")


class Signer(Protocol):
    """Signs with one Ed25519 key."""

    @property
    def public(self) -> bytes:
        """The raw public key, 32 bytes."""

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes. Raises ConfigurationError or SourceError if none is given."""


class PrivateKey:
    """A signer in this process's memory. The key is in no repr, and it cannot be pickled."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @property
    def public(self) -> bytes:
        """The raw public key."""
        return self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, message: bytes) -> bytes:
        """The signature of RFC 8032: the same for the same message."""
        return self._key.sign(message)

    def pem(self) -> str:
        """The private key itself, unencrypted PKCS#8: write it where only its owner reads."""
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    def __reduce__(self) -> str:
        raise TypeError("a private key is not to be pickled")


def from_seed(seed: bytes) -> PrivateKey:
    """The key of 32 random bytes, which whoever calls it draws: `secrets.token_bytes(32)`."""
    return PrivateKey(Ed25519PrivateKey.from_private_bytes(seed))


def from_private_pem(text: str) -> PrivateKey:
    """The signer of a PKCS#8 PEM. Raises Unverified for an encrypted key, because nobody is there
    at night to type its password, and for anything but an Ed25519 key.
    """
    if _ENCRYPTED.search(text):
        raise Unverified(
            "is encrypted, and nobody types its password at night: write it unencrypted with mode "
            "0600 (openssl pkey -in FILE -out NEW), or leave it in the secret store"
        )
    try:
        key = load_pem_private_key(text.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise Unverified("is no Ed25519 private key in PEM: make one with `seatrial key new`")
    return PrivateKey(key)
