"""The register says whose key is which, and what it may sign, when."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from harness.signing.ed25519 import Unverified
from harness.signing.register import objection, publics, read, written
from tests.harness.signing.keys import ANNS, BOBS, key

ANN, BOB = key(), key(BOBS, "security", "legal", name="Bob Ünal")
REGISTER = {ANN.id: ANN, BOB.id: BOB}
NOW = datetime(2026, 11, 29, tzinfo=UTC)


def test_a_register_is_read_as_it_was_written() -> None:
    assert read(written(REGISTER)) == REGISTER
    assert publics(REGISTER) == {ANN.id: ANNS.public, BOB.id: BOBS.public}


@pytest.mark.parametrize(
    ("identity", "what", "at", "says"),
    [
        (ANN.id, "bundle", NOW, None),
        (ANN.id, "checkpoint", NOW, None),
        (BOB.id, "policy", NOW, None),
        ("0" * 64, "bundle", NOW, "is not in the register"),
        (BOB.id, "bundle", NOW, "Bob Ünal (security, legal) may not sign a bundle: that is for"),
        (ANN.id, "policy", NOW, "Ann (prover) may not sign a policy: that is for security or"),
        (ANN.id, "bundle", ANN.until, "the key of Ann was valid until 2027-01-01T00:00:00Z"),
        (ANN.id, "bundle", ANN.since - timedelta(seconds=1), "was not valid before 2026-01-01"),
    ],
)
def test_a_key_signs_what_its_role_may_while_it_is_valid(
    identity: str, what: str, at: datetime, says: str | None
) -> None:
    found = objection(REGISTER, identity, what, at)
    assert found is None if says is None else (found is not None and says in found)


def spoilt(**changes: object) -> bytes:
    """A register whose one key has these fields; those of None are left out."""
    [line] = json.loads(written({ANN.id: ANN}))["keys"]
    kept = {name: value for name, value in (line | changes).items() if value is not None}
    return json.dumps({"format": 1, "keys": [kept]}).encode()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no JSON"),
        (b"{}", "no register of keys"),
        (b'{"format":2,"keys":[]}', "no register of keys"),
        (b'{"format":1,"keys":[],"keys":[]}', "a key twice"),
        (b'{"format":1,"keys":[{}]}', "key 1 of the register: it has from, id"),
        (spoilt(id="0" * 64), "its id is not the SHA-256"),
        (spoilt(public="AA=="), "its id is not the SHA-256 of its 32 bytes"),
        (spoilt(public="%"), "no base64"),
        (spoilt(roles=[]), "its roles are of"),
        (spoilt(roles=["king"]), "its roles are of"),
        (spoilt(until="2026-01-01T00:00:00Z"), "ends before it begins"),
        (spoilt(until="2027-1-1T00:00:00Z"), "is no time"),
        (spoilt(until="2027-01-01T00:00:00+02:00"), "is no time"),
        (spoilt(until=None), "it has from, id"),
        (spoilt(more=1), "and nothing else"),
        (spoilt(name=" "), "it has from, id"),
    ],
)
def test_what_is_no_register_is_refused_by_its_line(data: bytes, says: str) -> None:
    with pytest.raises(Unverified) as caught:
        read(data)
    assert says in str(caught.value)


def test_a_key_has_one_line_with_all_its_roles() -> None:
    [line] = json.loads(written({ANN.id: ANN}))["keys"]
    with pytest.raises(Unverified, match="a key twice"):
        read(json.dumps({"format": 1, "keys": [line, line | {"name": "Eve"}]}).encode())
