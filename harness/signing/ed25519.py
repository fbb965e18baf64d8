"""Ed25519 public keys and their signatures (RFC 8032). There is no other algorithm to choose, so
none can be put in its place.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

KEY_BYTES = 32
SIGNATURE_BYTES = 64
_PEM = re.compile(
    r"-----BEGIN PUBLIC KEY-----\n([A-Za-z0-9+/=\n]{1,200})\n-----END PUBLIC KEY-----\n?"
)


class Unverified(ValueError):
    """What is presented is not what it should be. The message is one line that says why."""


class Stranger(Unverified):
    """Nobody whose key is known signed it. What it says may be true; nobody vouches for it."""


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the owner of the raw key `public` signed exactly these bytes."""
    if len(public) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id(public: bytes) -> str:
    """What a key is called: the SHA-256 of its 32 raw bytes, in hex."""
    return hashlib.sha256(public).hexdigest()


def pem(public: bytes) -> str:
    """The raw key as PEM, as `openssl pkeyutl -pubin` reads it (RFC 8410)."""
    key = Ed25519PublicKey.from_public_bytes(public)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def from_pem(text: str) -> bytes:
    """The raw key of a PEM. Raises Unverified where it is no Ed25519 public key."""
    form = _PEM.fullmatch(text)
    try:
        key = load_der_public_key(base64.b64decode(form[1])) if form else None
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise Unverified("this is no Ed25519 public key: write its PEM (BEGIN PUBLIC KEY)")
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def to_base64(data: bytes) -> str:
    """RFC 4648 section 4, with its padding."""
    return base64.b64encode(data).decode()


def from_base64(text: str) -> bytes:
    """The bytes behind their only spelling. Raises Unverified for any other text: bits that change
    nothing could otherwise be changed unseen.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Unverified("it is no base64") from None
    if to_base64(data) != text:
        raise Unverified("its base64 has another spelling of the same bytes")
    return data
