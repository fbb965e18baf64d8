"""What evidence shows of one value, by the class of its column.

| class | shown | of `Anna-7` |
|---|---|---|
| public | the value | `"Anna-7"` |
| internal | its shape: no letter and no digit of it | `like "Aaaa-9"` |
| confidential | its kind and length | `text of 6 characters` |
| restricted | its kind | `text` |

Whatever is shown is one short line without characters that hide, reorder or control text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from contracts.classification import Class

LONGEST = 60
"""Characters of a value that are shown; of its shape, too."""
_SEPARATORS = frozenset(" .,:;/-+_@")
"""Stand in a shape as they are: they tell `1,5` from `1.5`."""
_QUOTED = frozenset('"\\')
_JSON_KINDS = {"{": "object", "[": "list", "t": "boolean", "f": "boolean"}


class Written(str):
    """A value in the JSON that it came in, which is no JSON text: `1.0`, `true`, `[1, 2]`."""

    __slots__ = ()


def show(value: object, of: Class) -> str:
    """What may be shown of `value`. A class that is none of ours counts as the most careful."""
    if value is None:
        return "missing"
    match of:
        case "public":
            return _whole(value)
        case "internal":
            return _shape(value)
        case "confidential":
            return _kind_and_length(value)
        case _:
            return _kind(value)


def _whole(value: object) -> str:
    text = _text(value)
    is_cut = len(text) > LONGEST
    if not _is_text(value):
        shown = "".join(map(_escape, text[:LONGEST]))
        return f"{shown}…" if is_cut else shown
    # Marks and backslashes of its own are escaped, so that no text looks like a mask.
    shown = "".join(f"\\{c}" if c in _QUOTED else _escape(c) for c in text[:LONGEST])
    return f'"{shown}…" ({len(text):,} characters)' if is_cut else f'"{shown}"'


def _shape(value: object) -> str:
    if isinstance(value, (bool, bytes)) or not (text := _text(value)):
        return _kind_and_length(value)
    shape = "".join(map(_mark, text[:LONGEST])) + ("…" if len(text) > LONGEST else "")
    return f'like "{shape}"' if _is_text(value) else f"like {shape}"


def _kind_and_length(value: object) -> str:
    kind = _kind(value)
    if kind in ("boolean", "date", "time", "empty text"):
        return kind
    if isinstance(value, bytes):
        return f"{kind} of {_count(len(value), 'byte')}"
    text = _text(value)
    if kind.endswith("number"):
        return f"{kind} of {_count(sum(map(str.isdigit, text)), 'digit')}"
    return f"{kind} of {_count(len(text), 'character')}"


def _kind(value: object) -> str:
    if isinstance(value, Written):
        return _JSON_KINDS.get(value[:1], "number")
    if isinstance(value, str):
        return "text" if value.strip() else ("blank text" if value else "empty text")
    return next((kind for types, kind in _KINDS if isinstance(value, types)), "value")


def _text(value: object) -> str:
    return next((form(value) for types, form in _FORMS if isinstance(value, types)), str(value))


# bool before int and datetime before date: the first is a subclass of the second.
_KINDS: tuple[tuple[Any, str], ...] = (
    (bool, "boolean"),
    (int, "whole number"),
    ((float, Decimal), "number"),
    (datetime, "time"),
    (date, "date"),
    (bytes, "binary value"),
)
_FORMS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (bool, lambda value: str(value).lower()),
    (Decimal, lambda value: f"{value:f}"),
    (datetime, lambda value: value.isoformat(" ")),
    (bytes, lambda value: f"0x{value[:LONGEST].hex()}"),
)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not isinstance(value, Written)


def _escape(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape", "backslashreplace").decode()


def _mark(character: str) -> str:
    """A letter, a digit, a separator or a control character; anything else is `#`."""
    if character.isnumeric():
        return "9"
    if character.isalpha():
        return "A" if character.isupper() else "a"
    if character in _SEPARATORS:
        return character
    return _escape(character) if unicodedata.category(character) == "Cc" else "#"


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
