"""A checkpoint is a signed note that others can open, and nobody can change."""

from __future__ import annotations

import base64

import pytest

from harness.signing import note
from harness.signing.ed25519 import Unverified, key_id
from harness.signing.note import Checkpoint, countersign, countersigned_at, opened, parsed, seal
from tests.harness.signing.keys import ANNS, BOBS, WITNESSES, trusting

CHECKPOINT = Checkpoint(origin="example.com/behind-the-sofa", size=20852163, root=bytes(32))
SEALED = seal(CHECKPOINT, ANNS)
AT = 1_679_315_147

# The examples of C2SP tlog-checkpoint and tlog-cosignature. Their keys are not published, so they
# show the form alone.
PUBLISHED = (
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv"
    "2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2"
    "oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n"
).encode()


def test_a_checkpoint_comes_back_with_who_signed_it() -> None:
    found = opened(SEALED, trusting(ANNS, BOBS))
    assert parsed(found.text) == CHECKPOINT
    assert found.signers == (key_id(ANNS.public),)
    assert found.countersigners == {}


def test_the_form_is_that_of_c2sp() -> None:
    found = parsed(note.text_of(PUBLISHED))
    assert (found.origin, found.size) == (CHECKPOINT.origin, CHECKPOINT.size)
    with pytest.raises(Unverified, match="no trusted key signed this as example"):
        opened(PUBLISHED, trusting(ANNS))
    kind = base64.b64decode(note.vkey(CHECKPOINT.origin, ANNS.public).split("+", 2)[2])
    assert kind == b"\x01" + ANNS.public


def test_a_countersignature_says_who_and_when() -> None:
    both = countersign(SEALED, "witness.example/w1", WITNESSES, at=AT)
    found = opened(both, trusting(ANNS, WITNESSES))
    assert found.countersigners == {key_id(WITNESSES.public): AT}
    assert countersigned_at(both, "witness.example/w1", WITNESSES.public) == AT
    assert countersigned_at(both, "witness.example/w2", WITNESSES.public) is None
    assert countersigned_at(SEALED, "witness.example/w1", WITNESSES.public) is None
    assert opened(both, trusting(ANNS)).countersigners == {}


def test_e03_a_countersignature_alone_is_no_signature() -> None:
    """A witness confirms what the log signed; it cannot sign in its place."""
    both = countersign(SEALED, CHECKPOINT.origin, WITNESSES, at=AT)
    with pytest.raises(Unverified, match="no trusted key"):
        opened(both, trusting(WITNESSES))


def test_e03_a_signature_under_another_name_is_none() -> None:
    other = seal(Checkpoint(origin="example.com/other", size=1, root=bytes(32)), ANNS)
    line = other.partition(b"\n\n")[2]
    with pytest.raises(Unverified, match="no trusted key"):
        opened(note.text(CHECKPOINT) + b"\n" + line, trusting(ANNS))


def test_e01_no_bit_of_a_signed_note_changes_unseen() -> None:
    """A flip in the line of a stranger changes nothing that anybody vouches for."""
    for at in range(len(SEALED) * 8):
        flipped = bytearray(SEALED)
        flipped[at // 8] ^= 1 << at % 8
        with pytest.raises(Unverified):
            opened(bytes(flipped), trusting(ANNS))


def test_e01_without_that_guard_it_would(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard off: a tree twice as long is opened."""
    monkeypatch.setattr(note, "verify", lambda *_: True)
    assert parsed(opened(SEALED.replace(b"20852163", b"40852163"), trusting(ANNS)).text).size == (
        40852163
    )


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"a\n1\n",
        b"a\n01\n" + base64.b64encode(bytes(32)) + b"\n",
        b"a\n-1\n" + base64.b64encode(bytes(32)) + b"\n",
        b"a\n1\n" + base64.b64encode(bytes(31)) + b"\n",
        b"a\n1\n" + base64.b64encode(bytes(32)),
        b"\n1\n" + base64.b64encode(bytes(32)) + b"\n",
        b"a\r\n1\n" + base64.b64encode(bytes(32)) + b"\n",
        b"\xff\n1\n" + base64.b64encode(bytes(32)) + b"\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: bytes) -> None:
    with pytest.raises(Unverified):
        parsed(text)


def test_what_is_too_large_is_not_looked_at() -> None:
    with pytest.raises(Unverified, match="more than"):
        opened(SEALED + b"x" * note.MOST_BYTES, trusting(ANNS))


def test_a_line_that_no_note_can_hold_is_not_written() -> None:
    for origin in ("", "two\nlines", "a\0b"):
        with pytest.raises(ValueError, match="lines are not empty"):
            seal(Checkpoint(origin=origin, size=1, root=bytes(32)), ANNS)
    with pytest.raises(ValueError, match="no key's name"):
        countersign(SEALED, "a b", WITNESSES, at=AT)
