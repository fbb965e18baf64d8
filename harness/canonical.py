"""Canonical bytes of a record: RFC 8785 JSON, so that a digest means the same everywhere."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import msgspec
import rfc8785

_SAFE = 2**53


def canonical(record: object) -> bytes:
    """RFC 8785 bytes of a record of dataclasses, mappings and plain values.

    Integers of 2^53 and more and decimals stand as strings, times as ISO 8601, durations as
    seconds. Raises ValueError for a float that is not finite: a fact never holds one.
    """
    plain = msgspec.to_builtins(record, enc_hook=_encode, builtin_types=(timedelta,))
    return rfc8785.dumps(_exact(plain))


def _encode(value: object) -> object:
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _exact(value: Any) -> Any:
    match value:
        case bool() | str() | None:
            return value
        case int():
            return value if -_SAFE < value < _SAFE else str(value)
        case float():
            if not math.isfinite(value):
                raise ValueError("a number that is not finite has no canonical form")
            return value
        case timedelta():
            return value.total_seconds()
        case dict():
            return {key: _exact(item) for key, item in value.items()}
        case _:
            return [_exact(item) for item in value]
