"""Canonical bytes of a record: RFC 8785 JSON, so that a digest is the same everywhere.

msgspec writes everything except fractional numbers, whose form differs from RFC 8785 §3.2.2.3.
The package rfc8785 writes those; for whole records it takes five times as long.
`tests/contracts/test_canonical.py` compares the bytes of both.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import msgspec

_SAFE = 2**53


def canonical(record: object) -> bytes:
    """RFC 8785 bytes of a record of dataclasses, mappings and plain values.

    Integers from 2^53 on and decimals are written as strings, times as ISO 8601, durations in
    seconds. Raises ValueError for NaN and infinity, TypeError for an unknown type.
    """
    plain = msgspec.to_builtins(record, enc_hook=_encode, builtin_types=(timedelta,))
    return msgspec.json.encode(_canonical(plain))


def _encode(value: object) -> object:
    if isinstance(value, str):  # a subclass, as numpy's
        return str.__str__(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _canonical(value: Any) -> Any:
    match value:
        case str() | bool() | None:
            return value
        case dict():
            return {key: _canonical(value[key]) for key in _sort_keys(value)}
        case int():
            return value if -_SAFE < value < _SAFE else str(value)
        case float():
            return _number(value)
        case timedelta():
            return _number(value.total_seconds())
        case _:
            return [_canonical(item) for item in value]


def _sort_keys(keys: Iterable[str]) -> list[str]:
    """By UTF-16 code units (§3.2.3); for ASCII this is the order of Python's text."""
    by_text = sorted(keys)
    if "".join(by_text).isascii():
        return by_text
    return sorted(by_text, key=lambda key: key.encode("utf-16-be"))


def _number(value: float) -> msgspec.Raw:
    if not math.isfinite(value):
        raise ValueError("a number that is not finite has no canonical form")
    import rfc8785  # most records contain no such number

    return msgspec.Raw(rfc8785.dumps(value))
