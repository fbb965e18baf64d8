"""Texts of XSD's simple types as values that lose nothing; pure (XML Schema 1.0, part 2).

A number is the bytes that it was written in, without a plus; a whole number is an integer however
long. Times, binary and all else stay the text that came: the contract's types fit it exactly, or
it is rescued. So does a text that its type does not allow, such as an empty number.
"""

from __future__ import annotations

import re

from connectors import bounds

INTEGERS = frozenset(
    {
        *("byte", "short", "int", "long", "integer", "nonNegativeInteger", "nonPositiveInteger"),
        *("unsignedByte", "unsignedShort", "unsignedInt", "unsignedLong"),
        *("positiveInteger", "negativeInteger"),
    }
)
FRACTIONS = frozenset({"decimal", "float", "double"})
_KEEP_SPACE = frozenset({"string", "normalizedString", "anySimpleType", "anyType"})
_SPACE = " \t\r\n"
_INTEGER = re.compile(rf"[+-]?[0-9]{{1,{bounds.NUMBER_CHARACTERS}}}")
_FRACTION = re.compile(r"\+?(-?)([0-9]*)(?:\.([0-9]*))?([eE][+-]?[0-9]{1,3})?")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def value_of(text: str, type_: str) -> object:
    """The value that `text` of this type is."""
    if type_ in _KEEP_SPACE:
        return text
    text = text.strip(_SPACE)
    if type_ in INTEGERS:
        return int(text) if _INTEGER.fullmatch(text) else text
    if type_ in FRACTIONS:
        return _fraction(text)
    if type_ == "boolean":
        return _BOOLEANS.get(text, text)
    return text


def _fraction(text: str) -> object:
    """As JSON would write it: `.5` and `12.` are numbers of XSD and none of JSON."""
    found = _FRACTION.fullmatch(text)
    if found is None or len(text) > bounds.NUMBER_CHARACTERS:
        return text
    sign, whole, rest, exponent = found.groups()
    if not whole and not rest:
        return text
    point = f".{rest}" if rest else ""
    return f"{sign}{whole.lstrip('0') or '0'}{point}{exponent or ''}".encode()
