"""in-toto's own library opens our envelopes, and refuses what we refuse."""

from __future__ import annotations

import json
from typing import Any

import pytest
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

from harness.signing.ed25519 import key_id
from tests.harness.evidence.bundles import key, payload
from tests.harness.evidence.verify.checking import Files


def known(of: str = "prover") -> SSlibKey:
    public = key(of).public
    return SSlibKey(key_id(public), "ed25519", "ed25519", {"public": public.hex()})


def opened(envelope: bytes, by: SSlibKey) -> Any:
    found = Envelope.from_dict(json.loads(envelope))
    found.verify([by], 1)
    return found


def test_every_envelope_of_a_bundle_is_opened_with_our_key(made: Files) -> None:
    envelopes = {name: content for name, content in made.items() if name.endswith(".dsse.json")}
    assert len(envelopes) == 5
    for name, content in envelopes.items():
        found = opened(content, known())
        assert found.payload == payload(content), name
        assert found.payload_type == "application/vnd.in-toto+json"


def test_another_key_and_another_payload_are_refused(made: Files) -> None:
    envelope = made["manifest.dsse.json"]
    with pytest.raises(VerificationError):
        opened(envelope, known("other"))
    changed = json.loads(envelope) | {"payload": json.loads(made["report.dsse.json"])["payload"]}
    with pytest.raises(VerificationError):
        opened(json.dumps(changed).encode(), known())
