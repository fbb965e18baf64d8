"""Keys for tests, made as they run. They open nothing anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from harness.signing.ed25519 import key_id
from harness.signing.register import Key
from harness.signing.signer import PrivateKey, Signer, from_seed

ANNS, BOBS, WITNESSES = (from_seed(bytes([number]) * 32) for number in (1, 2, 3))


def trusting(*signers: Signer) -> Mapping[str, bytes]:
    return {key_id(one.public): one.public for one in signers}


def key(signer: PrivateKey = ANNS, *roles: str, name: str = "Ann") -> Key:
    return Key(
        public=signer.public,
        name=name,
        roles=roles or ("prover",),
        since=datetime(2026, 1, 1, tzinfo=UTC),
        until=datetime(2027, 1, 1, tzinfo=UTC),
    )
