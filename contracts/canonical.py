"""Canonical bytes of a record: RFC 8785 JSON, so that a digest means the same everywhere.

msgspec writes all but the numbers that are not whole: for those it has another form than RFC 8785
§3.2.2.3 asks for. `tests/contracts/test_canonical.py` holds the bytes against the package rfc8785,
which takes five times as long.
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

    Integers of 2^53 and more and decimals stand as strings, times as ISO 8601, durations as
    seconds. Raises ValueError for a float that is not finite: a fact never holds one.
    """
    plain = msgspec.to_builtins(record, enc_hook=_encode, builtin_types=(timedelta,))
    return msgspec.json.encode(_exact(plain))


def _encode(value: object) -> object:
    if isinstance(value, str):  # of a kind of its own, as numpy's
        return str.__str__(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _exact(value: Any) -> Any:
    match value:
        case str() | bool() | None:
            return value
        case dict():
            return {key: _exact(value[key]) for key in _in_order(value)}
        case int():
            return value if -_SAFE < value < _SAFE else str(value)
        case float():
            return _written(value)
        case timedelta():
            return _written(value.total_seconds())
        case _:
            return [_exact(item) for item in value]


def _in_order(keys: Iterable[str]) -> list[str]:
    """In the order of their UTF-16 code units (§3.2.3), which is that of text within ASCII."""
    in_order = sorted(keys)
    if "".join(in_order).isascii():
        return in_order
    return sorted(in_order, key=lambda key: key.encode("utf-16-be"))


def _written(value: float) -> msgspec.Raw:
    if not math.isfinite(value):
        raise ValueError("a number that is not finite has no canonical form")
    import rfc8785  # most records hold no such number

    return msgspec.Raw(rfc8785.dumps(value))
