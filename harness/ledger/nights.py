"""What later runs take up of a run, in one piece: a row of `nights`, by the run's entries.

    {"acknowledged": [[seq, body] …], "declaration": […], "environment", "format", "missed": […],
     "pilot", "reading": […], "run", "slot"}

The bodies are those of the entries, byte for byte. A run begins with what hundreds of runs have
read, and finds it here without a look at all they recorded.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeAlias, TypeVar

import msgspec

from harness import tags
from harness.facts import Declaration, Reading
from harness.ledger.body import UNREADABLE
from harness.ledger.chain import Entry
from harness.ledger.history import Recorded, RecordedDeclaration, Sight

FORMAT = 1
_READING, _DECLARATION = tags.FACTS[Reading], tags.FACTS[Declaration]
KINDS = (tags.ACKNOWLEDGED, _DECLARATION, tags.MISSED, _READING)
"""Of format 1, in the order of their names."""
_T = TypeVar("_T")
Numbered: TypeAlias = tuple[tuple[int, _T], ...]
"""Each with the seq of its entry."""


class Night(msgspec.Struct, frozen=True, kw_only=True):
    """One row, read."""

    acknowledged: Numbered[msgspec.Raw]
    declaration: Numbered[RecordedDeclaration]
    environment: str
    format: int
    missed: Numbered[msgspec.Raw]
    pilot: str
    reading: Numbered[Recorded]
    run: str
    slot: str


class Of(msgspec.Struct, frozen=True, kw_only=True):
    """What the first entry of a run says that it is of."""

    pilot: str
    environment: str
    run: str
    slot: str


_OF = msgspec.json.Decoder(Of)
_NIGHT = msgspec.json.Decoder(Night, strict=False)
_FORMS: Mapping[str, msgspec.json.Decoder[object]] = {
    tags.ACKNOWLEDGED: msgspec.json.Decoder(msgspec.Raw),
    _DECLARATION: msgspec.json.Decoder(RecordedDeclaration, strict=False),
    tags.MISSED: msgspec.json.Decoder(msgspec.Raw),
    _READING: msgspec.json.Decoder(Recorded, strict=False),
}
"""What each of KINDS is in a row."""


def of(started: bytes) -> Of:
    """What a run is of, by the body of its first entry. Raises msgspec.MsgspecError."""
    return _OF.decode(started)


def night(run: Of, entries: Iterable[Entry]) -> bytes:
    """The row of a run with these entries."""
    listed: dict[str, list[bytes]] = {kind: [] for kind in KINDS}
    for entry in entries:
        if entry.kind in listed:
            listed[entry.kind].append(b"[%d,%s]" % (entry.seq, entry.body))
    plain = {
        **{kind: msgspec.Raw(b"[%s]" % b",".join(bodies)) for kind, bodies in listed.items()},
        **msgspec.structs.asdict(run),
        "format": FORMAT,
    }
    return msgspec.json.encode(dict(sorted(plain.items())))


def read(rows: Iterable[bytes]) -> list[Night]:
    """The rows, read. Raises msgspec.MsgspecError for what no release wrote."""
    with _no_collection():
        return [_NIGHT.decode(row) for row in rows]


def unreadable(entries: Iterable[Entry]) -> Iterator[str]:
    """Which entries no row can be read with, as clauses."""
    for entry in entries:
        try:
            if (form := _FORMS.get(entry.kind)) is not None:
                form.decode(entry.body)
        except UNREADABLE:
            yield f"entry {entry.seq} is no {entry.kind} that can be read"


def readings_in(nights: Iterable[Night]) -> Iterator[Recorded]:
    """The readings of these nights, oldest first."""
    return (recorded for left in nights for _, recorded in left.reading)


def sights_in(nights: Iterable[Night]) -> Iterator[Sight]:
    """Their readings and declarations, in the order of their entries."""
    for left in nights:
        seen: list[tuple[int, Sight]] = [*left.reading, *left.declaration]
        if left.declaration:
            seen.sort(key=lambda one: one[0])
        yield from (recorded for _, recorded in seen)


def hashed(rows: Mapping[int, bytes]) -> dict[int, bytes]:
    """The digest of each row."""
    return {number: hashlib.sha256(row).digest() for number, row in rows.items()}


def digest(hashes: Iterable[bytes]) -> str:
    """What stands for rows with these digests, in this order."""
    return hashlib.sha256(b"".join(hashes)).hexdigest()


@contextmanager
def _no_collection() -> Iterator[None]:
    """Python looks for garbage as objects grow in number: of 40,000 readings that are all kept,
    that takes two thirds of the time. None of them is ever looked at again for it.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_on:
            gc.enable()
