"""An issuer of tokens written by others: the certified oidc-provider, as its lock says."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from estate.process import accepts, free_port, spawn, wait_until
from tests.servers import install_npm

HERE = Path(__file__).parent / "oidc"
LOCKED = Path(__file__).parents[1] / "browser" / "oidc"
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@contextmanager
def issuer(
    folder: Path, clients: Sequence[Mapping[str, object]], *, seconds: int
) -> Iterator[str]:
    """A running one, whose tokens live so many seconds; gives its address. `issuer.log` in
    `folder` has the refresh token of each client that may use one.
    """
    for name in ("package.json", "package-lock.json"):
        shutil.copy(LOCKED / name, folder)
    shutil.copy(HERE / "issuer.mjs", folder)
    install_npm(folder)
    port = free_port()
    given = json.dumps({"clients": clients, "seconds": seconds})
    node = shutil.which("node")
    assert node is not None
    process = spawn(
        [node, str(folder / "issuer.mjs"), str(port), given], log=folder / "issuer.log"
    )
    try:
        wait_until(lambda: accepts(port), process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.stop()


def pem(key: Key) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def jwk(key: Key, key_id: str) -> dict[str, str]:
    """Its public half, as issuers keep it (RFC 7517)."""
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        half = {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
    else:
        point = key.public_key().public_numbers()
        half = {"kty": "EC", "crv": "P-256", "x": _number(point.x, 32), "y": _number(point.y, 32)}
    return {**half, "kid": key_id, "use": "sig"}


def _number(value: int, length: int | None = None) -> str:
    octets = value.to_bytes(length or (value.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
