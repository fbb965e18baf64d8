"""Numbers by which a source counts its rows, as they stand in answers; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from connectors import bounds

_DIGITS = re.compile(rf"[0-9]{{1,{bounds.COUNT_DIGITS}}}")
_RANGE = re.compile(
    rf"(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+[ \t]+)?"
    rf"(?:({_DIGITS.pattern})-({_DIGITS.pattern})|\*)/({_DIGITS.pattern}|\*)"
)
_SIGN = "\ufeff"
"""Some services begin the text of a count with a byte order mark."""


def as_count(value: object) -> int | None:
    """A whole number of 0 or more, as a number or as a text of its digits; None for null.
    ValueError for anything else.

    >>> as_count("117"), as_count(117), as_count(None)
    (117, 117, None)
    """
    if value is None or (type(value) is int and 0 <= value < 10**bounds.COUNT_DIGITS):
        return value
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        return int(value)
    raise ValueError("no number and no null")


def count_in_text(body: bytes) -> int | None:
    """The count that is all of a text; None where the text is no count."""
    try:
        return as_count(body.decode().removeprefix(_SIGN).strip())
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class ContentRange:
    """Which rows an answer holds (RFC 9110 14.4)."""

    first: int | None
    """From 0 on; None where it holds none."""
    last: int | None
    """Or the one behind it, where the source counts so."""
    total: int | None
    """The complete length; None where the source does not tell it."""


def content_range(field: str) -> ContentRange | None:
    """What the field says; None where it cannot be read, or contradicts itself. The unit, which
    some sources leave out, is the source's to name.

    >>> content_range("items 0-99/250")
    ContentRange(first=0, last=99, total=250)
    """
    match = _RANGE.fullmatch(field.strip(" \t"))
    if match is None:
        return None
    first, last, total = (None if part in (None, "*") else int(part) for part in match.groups())
    if first is not None and last is not None and not first <= last:
        return None
    if last is not None and total is not None and not last <= total:
        return None
    return ContentRange(first, last, total)
