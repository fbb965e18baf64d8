"""The hash chain of the ledger's entries; pure.

sha256 = SHA-256( RFC 8785 of {seq, run, kind, format, prev} ‖ LF ‖ body )
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec

from contracts.canonical import canonical

FORMAT = 1
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of the ledger."""

    seq: int
    run: str
    kind: str
    format: int
    body: bytes
    sha256: str
    prev: str


def link(last: tuple[int, str] | None, *, run: str, kind: str, body: object) -> Entry:
    """The entry after the one with this seq and sha256; the first entry follows GENESIS."""
    seq, prev = last or (0, GENESIS)
    content = canonical(body)
    entry = Entry(
        seq=seq + 1, run=run, kind=kind, format=FORMAT, body=content, sha256="", prev=prev
    )
    return linked(entry)


def linked(entry: Entry) -> Entry:
    """The entry with the digest that its other fields give."""
    return dataclasses.replace(entry, sha256=_digest(entry))


def breaks(entries: Iterable[Entry], *, after: tuple[int, str] = (0, GENESIS)) -> Iterator[str]:
    """Every break in the chain of all entries, or of all that follow the one with this seq and
    sha256; empty if the ledger is intact.
    """
    seq, prev = after
    for expected, entry in enumerate(entries, start=seq + 1):
        if entry.seq != expected:
            yield f"entry {expected} is missing: {entry.seq} follows"
            return
        if entry.prev != prev:
            yield f"entry {entry.seq} does not follow the one before it"
        if entry.sha256 != _digest(entry):
            yield f"entry {entry.seq} was changed"
        prev = entry.sha256


class _Head(msgspec.Struct):
    """Its fields are in the order that RFC 8785 gives them."""

    format: int
    kind: str
    prev: str
    run: str
    seq: int


def _digest(entry: Entry) -> str:
    # A ledger has hundreds of thousands: `canonical` would take most of the time of a check.
    head = _Head(entry.format, entry.kind, entry.prev, entry.run, entry.seq)
    return hashlib.sha256(msgspec.json.encode(head) + b"\n" + entry.body).hexdigest()
