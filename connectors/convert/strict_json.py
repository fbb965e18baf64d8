"""JSON as it stands in the answer: numbers to the last digit, no key twice, no NaN.

    body ─▶ fast decoder ─▶ as many keys as the text can have at most? ─▶ the document
                └─ refused, or fewer ─▶ strict decoder, which looks at every key ─▶ it, or none

The fast decoder silently keeps the last of two equal keys; the number of keys shows it. A number
beyond our bounds becomes no number: it stands as `Unread`, which fits no type and is rescued.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Clamped, Context, Decimal, InvalidOperation, Overflow, Rounded, Subnormal
from typing import Any, NoReturn

import msgspec

from connectors import bounds

_MOST = 10**bounds.EXPONENT_DIGITS - 1
_FITTING = Context(
    prec=bounds.NUMBER_CHARACTERS,
    Emax=_MOST,
    Emin=-_MOST,
    traps=[Clamped, InvalidOperation, Overflow, Rounded, Subnormal],
)
_FAST = msgspec.json.Decoder(float_hook=_FITTING.create_decimal)
_FASTER = msgspec.json.Decoder(float_hook=str.encode)
_USUAL_LEVELS = 4
_BRACKETS = bytes.maketrans(b"{}", b"[]")
_NO_OPENING = bytes(set(range(256)) - set(b"{["))
_NO_BRACKETS = bytes(set(range(256)) - set(b'{}[]"'))
_FAILURES = (ValueError, ArithmeticError, RecursionError)
_TOO_DEEP = f"is nested more than {bounds.NESTING} deep"
_BOM = b"\xef\xbb\xbf"


class NotStrictJson(ValueError):
    """No JSON that can be read in one way alone. Its text is a clause of why, without the data."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A number beyond our bounds, as it was written."""

    text: str

    def __str__(self) -> str:
        return self.text


def decoded(body: bytes, *, as_written: bool = False) -> Any:
    """What `body` says, if it is JSON in UTF-8 without a key that stands twice in one object, and
    within our bounds of nesting and values; else NotStrictJson. With `as_written` a number with a
    fraction or an exponent stays the bytes that it was written in, unchecked: to make a number of
    each costs as much as all else.
    """
    if len(body) > bounds.VALUES and body.count(b",") > bounds.VALUES:
        raise NotStrictJson(f"has more than {bounds.VALUES:,} values")
    try:
        document = (_FASTER if as_written else _FAST).decode(body)
        if _keys_at_least(document) == _keys_at_most(body):
            return _shallow(document, body)
    except (msgspec.MsgspecError, *_FAILURES):
        pass
    try:
        return _shallow(_read_strictly(body, str.encode if as_written else fraction), body)
    except RecursionError:
        raise NotStrictJson(_TOO_DEEP) from None


def fraction(text: str) -> Decimal | Unread:
    """A number with a fraction or an exponent, within our bounds."""
    try:
        return _FITTING.create_decimal(text)
    except ArithmeticError:
        return Unread(text)


def _read_strictly(body: bytes, fraction: Callable[[str], object]) -> Any:
    if body.startswith(_BOM):  # RFC 8259 8.1
        raise NotStrictJson("begins with a byte order mark")
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise NotStrictJson("is not UTF-8") from None
    try:
        return _strictly(text, fraction, int)
    except (ArithmeticError, ValueError):  # for one of its numbers, perhaps
        pass
    try:
        return _strictly(text, fraction, _integer)
    except json.JSONDecodeError:
        raise NotStrictJson("is cut or malformed") from None


def decoded_lines(body: bytes) -> list[Any] | None:
    """What each line of `body` says; None where the strict decoder must look at each line."""
    try:
        lines = _FAST.decode_lines(body)
        is_whole = len(lines) == body.count(b"\n") + (not body.endswith(b"\n"))
        unique = is_whole and _keys_at_least(lines) == _keys_at_most(body)
        return _shallow(lines, body) if unique else None
    except (msgspec.MsgspecError, *_FAILURES):
        return None


def _keys_at_least(value: object) -> int:
    """The keys in `value`, but in a list of objects only the outer ones: rows are mostly flat."""
    if isinstance(value, dict):
        return len(value) + sum(map(_keys_at_least, value.values()))
    if isinstance(value, list):
        count = len if {dict}.issuperset(map(type, value)) else _keys_at_least
        return sum(map(count, value))
    return 0


def _keys_at_most(body: bytes) -> int:
    """RFC 8259 4: a colon follows each key's quotation mark, or white space behind that."""
    return body.translate(None, b" \t\n\r").count(b'":')


def _shallow(document: Any, body: bytes) -> Any:
    """The document, unless it is nested too deep. Most show that soon: theirs are flat rows."""
    opened = len(body.translate(None, _NO_OPENING))  # one pass, where two counts are two
    if opened - _rows_in(document, _USUAL_LEVELS) + _USUAL_LEVELS < bounds.NESTING:
        return document
    if b"\\" in body:
        body = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    marks = body.translate(_BRACKETS, _NO_BRACKETS).replace(b'""', b"")
    left = b"".join(marks.split(b'"')[::2])  # what stands in no text
    for _ in range(bounds.NESTING):
        left = left.replace(b"[]", b"")  # the innermost ones
    if left:
        raise NotStrictJson(_TOO_DEEP)
    return document


def _rows_in(value: Any, levels: int) -> int:
    """The objects in lists of objects, on the outer levels."""
    if isinstance(value, list):
        return len(value) if {dict}.issuperset(map(type, value)) else 0
    if isinstance(value, dict) and levels:
        return sum(_rows_in(part, levels - 1) for part in value.values())
    return 0


def _strictly(
    text: str, fraction: Callable[[str], object], integer: Callable[[str], object]
) -> Any:
    return json.loads(
        text,
        object_pairs_hook=_object,
        parse_float=fraction,
        parse_int=integer,
        parse_constant=_refuse,
    )


def _integer(text: str) -> int | Unread:
    return int(text) if len(text) <= bounds.NUMBER_CHARACTERS else Unread(text)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        raise NotStrictJson("has a key twice in one object")
    return unique


def _refuse(_: str) -> NoReturn:
    raise NotStrictJson("holds NaN or Infinity, which JSON does not have")
