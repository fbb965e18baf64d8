"""Ids, times and bytes of a format, made from content alone: the same evidence, the same bytes."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote
from uuid import UUID, uuid5

import msgspec

from harness.say import visible

_OURS = UUID("7b1c6f5e-5b0e-5d0a-9a53-2f3f8f0a5ea7")
"""The namespace of every id that evidence derives. It never changes."""


def uuid_of(kind: str, *parts: str) -> str:
    """The id of one thing: version 5, from what it is and what names it."""
    return str(uuid5(_OURS, msgspec.json.encode([kind, *parts]).decode()))


def moment(at: datetime) -> str:
    """RFC 3339 in UTC, always with its zone. Raises ValueError for a time without one."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone is no moment")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def written(document: object) -> bytes:
    """RFC 8785 bytes and a line feed, of a document whose names are ASCII and whose numbers are
    small and whole. `contracts/canonical.py` writes the same, three times as slowly; a document of
    a month has 500,000 values.
    """
    return msgspec.json.encode(document, order="deterministic") + b"\n"


def line(text: str) -> str:
    """The text on one line without surrounding space, `-` if nothing is left."""
    return visible(text).strip() or "-"


def judgements_of(run: str) -> str:
    """Where the judgements of a run are, from the folder of the exports."""
    return f"../judgements/{quote(run, safe='')}.json"
