"""Checkpoints of a log as signed notes: C2SP signed-note, tlog-checkpoint and, for who confirms
what another signed, tlog-cosignature v1.

    origin
    size                 number of leaves
    root                 base64
                         (an empty line)
    — origin signature   the log's own
    — name signature     of a key that somebody else holds, with its time
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from harness.signing.ed25519 import (
    Stranger,
    Unverified,
    from_base64,
    to_base64,
    verify,
)
from harness.signing.signer import Signer
from harness.signing.tree import HASH_BYTES

MOST_BYTES = 64 << 10
"""Of one note."""
_MOST_SIGNATURES = 64
_SIGNED, _COSIGNED = b"\x01", b"\x04"
_ID_BYTES, _TIME_BYTES = 4, 8
_LATEST = 2**63
_NAME = re.compile(r"[^\s+]{1,200}")
_LINE = re.compile("\u2014 ([^\\s+]{1,200}) ([A-Za-z0-9+/=]{1,400})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Head and length of a log."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A note's text with who signed it, by the ids of the given keys."""

    text: bytes
    signers: tuple[str, ...]
    """Who signed as the log itself."""
    countersigners: Mapping[str, int]
    """Who confirmed it, and when: seconds since 1970, UTC."""
    strangers: int
    """Lines of none of those keys."""


def text(checkpoint: Checkpoint) -> bytes:
    """The note's text. Raises ValueError for a line that no note can hold."""
    lines = (
        checkpoint.origin,
        str(checkpoint.size),
        to_base64(checkpoint.root),
        *checkpoint.extensions,
    )
    if not all(lines) or any("\n" in line or _CONTROLS.search(line) for line in lines):
        raise ValueError("a checkpoint's lines are not empty and have no controls")
    return "".join(f"{line}\n" for line in lines).encode()


def parsed(note_text: bytes) -> Checkpoint:
    """The checkpoint of a text that was verified. Raises Unverified for any other text."""
    lines = _plain(note_text).split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines):  # noqa: PLR2004 - three lines and the end
        raise Unverified("this is no checkpoint: origin, size, root, each a line")
    origin, size, head, *extensions = lines
    if not _SIZE.fullmatch(size):
        raise Unverified("the size of a checkpoint is a whole number")
    hashed = from_base64(head)
    if len(hashed) != HASH_BYTES:
        raise Unverified("the root of a checkpoint has 32 bytes")
    return Checkpoint(origin=origin, size=int(size), root=hashed, extensions=tuple(extensions))


def seal(checkpoint: Checkpoint, signer: Signer) -> bytes:
    """The note, signed as the log that its origin names."""
    signed = text(checkpoint)
    return signed + b"\n" + _line(checkpoint.origin, _SIGNED, signer.public, signer.sign(signed))


def countersign(note: bytes, name: str, signer: Signer, *, at: int) -> bytes:
    """The note with one more line: `signer` saw it at that time (seconds since 1970, UTC)."""
    note_text, _ = _split(note)
    signature = signer.sign(_cosigned(note_text, at))
    stamped = at.to_bytes(_TIME_BYTES, "big") + signature
    return note + _line(name, _COSIGNED, signer.public, stamped)


def opened(note: bytes, keys: Mapping[str, bytes]) -> Opened:
    """The text of a note that one of the `keys` (id → raw public key) signed as the log.

    The log signs under its origin, the first line. Raises Stranger if none of the keys did, and
    Unverified if a line in the name of one of them is not its own, and for what is no note.
    """
    note_text, lines = _split(note)
    origin = note_text.decode().partition("\n")[0]
    signers: list[str] = []
    countersigners: dict[str, int] = {}
    for name, named, signature in lines:
        for identity, public in keys.items():
            if named == _key_hash(name, _SIGNED, public) and name == origin:
                _require(verify(public, note_text, signature), name)
                signers.append(identity)
            elif named == _key_hash(name, _COSIGNED, public):
                countersigners[identity] = _countersigned_at(note_text, name, public, signature)
    if not signers:
        raise Stranger(f"no trusted key signed this as {origin}")
    return Opened(
        text=note_text,
        signers=tuple(signers),
        countersigners=countersigners,
        strangers=len(lines) - len(signers) - len(countersigners),
    )


def countersigned_at(note: bytes, name: str, public: bytes) -> int | None:
    """When one key confirmed the note under its name; None if it did not. Raises Unverified for a
    line in its name that is not its own.
    """
    note_text, lines = _split(note)
    ours = _key_hash(name, _COSIGNED, public)
    for named, hashed, signature in lines:
        if (named, hashed) == (name, ours):
            return _countersigned_at(note_text, name, public, signature)
    return None


def text_of(note: bytes) -> bytes:
    """The text of a note, which nobody has verified, or of a checkpoint that nobody signed."""
    return _split(note)[0] if b"\n\n" in note else note


def _split(note: bytes) -> tuple[bytes, list[tuple[str, bytes, bytes]]]:
    """The text, and the name, the key's hash and the signature of each line below it."""
    if len(note) > MOST_BYTES:
        raise Unverified(f"the note has more than {MOST_BYTES} bytes")
    head, gap, below = _plain(note).rpartition("\n\n")
    lines = below.split("\n")
    if not gap or lines.pop() or not 1 <= len(lines) <= _MOST_SIGNATURES:
        raise Unverified("this is no signed note: a text, an empty line, signatures")
    return f"{head}\n".encode(), [_parts(line) for line in lines]


def _parts(line: str) -> tuple[str, bytes, bytes]:
    form = _LINE.fullmatch(line)
    data = from_base64(form[2]) if form else b""
    if form is None or len(data) <= _ID_BYTES:
        raise Unverified("a signature's line is: em dash, name, base64")
    return form[1], data[:_ID_BYTES], data[_ID_BYTES:]


def _plain(data: bytes) -> str:
    try:
        found = data.decode()
    except UnicodeDecodeError:
        raise Unverified("the note is no UTF-8") from None
    if _CONTROLS.search(found):
        raise Unverified("the note has control characters")
    return found


def _line(name: str, kind: bytes, public: bytes, signature: bytes) -> bytes:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no key's name: it has no spaces and no plus")
    hashed = _key_hash(name, kind, public)
    return f"\u2014 {name} {to_base64(hashed + signature)}\n".encode()


def _key_hash(name: str, kind: bytes, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:_ID_BYTES]


def _cosigned(note_text: bytes, at: int) -> bytes:
    if not 0 <= at < _LATEST:
        raise Unverified("the time of a countersignature is out of range")
    return b"cosignature/v1\ntime %d\n%s" % (at, note_text)


def _countersigned_at(note_text: bytes, name: str, public: bytes, signature: bytes) -> int:
    at = int.from_bytes(signature[:_TIME_BYTES], "big")
    _require(verify(public, _cosigned(note_text, at), signature[_TIME_BYTES:]), name)
    return at


def _require(signed: bool, name: str) -> None:  # noqa: FBT001 - the answer of `verify`
    if not signed:
        raise Unverified(f"the signature of {name} is not its own")


def vkey(name: str, public: bytes) -> str:
    """A C2SP verifier key: what other tools take to open a note that is signed as `name`."""
    hashed = _key_hash(name, _SIGNED, public)
    return f"{name}+{hashed.hex()}+{to_base64(_SIGNED + public)}"
