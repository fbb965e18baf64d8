"""Bundles in memory, of the ledgers in `ledgers.py`, signed by a key made as the test runs."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from harness.evidence.bundle import build
from harness.evidence.evidence import Evidence
from harness.signing import dsse
from harness.signing.ed25519 import key_id
from harness.signing.signer import PrivateKey, from_seed
from tests.harness.evidence.ledgers import evidence


def key(of: str = "prover") -> PrivateKey:
    return from_seed(hashlib.sha256(of.encode()).digest())


def bundle(place: Path, *, signer: PrivateKey | None = None, **asked: object) -> dict[str, bytes]:
    return bundle_of(evidence(place, **asked), signer=signer or key())


def bundle_of(found: Evidence, *, signer: PrivateKey) -> dict[str, bytes]:
    return build(
        found,
        signer=signer,
        formats={},
        tool="0.1.0+test",
        packages="56" * 32,
        verify_text=b"# How to verify\n",
    )


def statement(envelope: bytes, signer: PrivateKey | None = None) -> Any:
    """The verified statement in an envelope."""
    public = (signer or key()).public
    return json.loads(dsse.opened(envelope, {key_id(public): public}).payload)


def statements(files: Mapping[str, bytes]) -> dict[str, Any]:
    return {path: statement(data) for path, data in files.items() if path.endswith(".dsse.json")}


def payload(envelope: bytes) -> bytes:
    return base64.b64decode(json.loads(envelope)["payload"])
