"""What the sender itself says of a file, in text of a form that the pilot declares.

`{rows};{sha256}` is read as numbers and digests; nothing else is taken for the sender's word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_LINE = 4_096
"""In characters; a longer one says nothing."""
ANYTHING = "*"
_FIELDS = {
    "{name}": "(?P<name>[^*]+)",
    "{rows}": "(?P<rows>[0-9]{1,18})",
    "{bytes}": "(?P<bytes>[0-9]{1,18})",
    "{sha256}": "(?P<sha256>[0-9a-fA-F]{64})",
    ANYTHING: ".*?",
}
_PART = re.compile("(" + "|".join(map(re.escape, _FIELDS)) + ")")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one file is, in its sender's words; all None where these are only that it is whole."""

    name: str | None = None
    rows: int | None = None
    bytes: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What is said of one file, and what says it."""

    by: str
    """As messages call it: `a.csv.ok`, `its trailer`."""
    said: Said


def pattern(form: str) -> re.Pattern[str]:
    """Text of this form, with a group for each field."""
    return re.compile("".join(_FIELDS.get(part) or re.escape(part) for part in _PART.split(form)))


def fields(form: str) -> list[str]:
    """Its fields, in order: `{rows}`."""
    return [part for part in _PART.findall(form) if part != ANYTHING]


def read(form: str, text: str) -> Said | None:
    """What a text of this form says; None for one of another form."""
    found = pattern(form).fullmatch(text) if len(text) <= LONGEST_LINE else None
    if found is None:
        return None
    told = found.groupdict()
    rows, size, digest = told.get("rows"), told.get("bytes"), told.get("sha256")
    return Said(
        name=told.get("name"),
        rows=None if rows is None else int(rows),
        bytes=None if size is None else int(size),
        sha256=None if digest is None else digest.lower(),
    )
