"""JSON web tokens that we sign (RFC 7515, RFC 7519): by an RSA key with RS256, by one of the curve
P-256 with ES256. The key says which; nothing that comes from a source is read here.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import TypeAlias

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from connectors.errors import AccessDenied
from connectors.secrets import Secret

_LEAST_BITS = 2048
_HALF = 32
"""RFC 7518 3.4: both halves of a signature by P-256 have so many bytes."""

Key: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def private_key(secret: Secret) -> Key:
    """The key in `secret`: PEM without a passphrase. AccessDenied for anything else; no part of it
    is told.
    """
    try:
        key = load_pem_private_key(secret.reveal().encode(), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= _LEAST_BITS:
        return key
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    raise AccessDenied(
        f"{secret.reference} holds no private key in PEM, RSA of 2048 bits or P-256, without a "
        "passphrase: correct it"
    )


def key_like(key: Key) -> Key:
    """A new key of the same kind, which nobody knows."""
    if isinstance(key, rsa.RSAPrivateKey):
        return rsa.generate_private_key(public_exponent=65537, key_size=_LEAST_BITS)
    return ec.generate_private_key(ec.SECP256R1())


def signed(claims: Mapping[str, object], *, key: Key, key_id: str | None) -> str:
    """The token: header, claims and signature."""
    header = {"alg": "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256", "typ": "JWT"}
    if key_id is not None:
        header["kid"] = key_id
    text = f"{_part(header)}.{_part(claims)}"
    return f"{text}.{base64url(_signature(key, text.encode()))}"


def _signature(key: Key, text: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(text, padding.PKCS1v15(), hashes.SHA256())
    one, other = decode_dss_signature(key.sign(text, ec.ECDSA(hashes.SHA256())))
    return one.to_bytes(_HALF) + other.to_bytes(_HALF)


def _part(document: Mapping[str, object]) -> str:
    return base64url(json.dumps(document, separators=(",", ":")).encode())


def base64url(content: bytes) -> str:
    """RFC 7515 2: without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
