"""JSON that has one spelling: RFC 8785 of objects, lists, ASCII text and whole numbers.

With these alone, Python's sorted keys and plain separators are the canonical form.
"""

from __future__ import annotations

import json
from typing import Any

from harness.signing.ed25519 import Unverified

_SAFE = 2**53


def canonical(value: object) -> bytes:
    """The only spelling. The caller gives ASCII keys, no fractions, and text without controls."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def decoded(data: bytes) -> Any:
    """A JSON document in any spelling.

    Raises Unverified where it is no JSON or has a key twice, and for fractions, NaN, infinity and
    whole numbers from 2^53 on: readers take them differently.
    """
    try:
        return json.loads(
            data.decode(),
            object_pairs_hook=_once,
            parse_float=_no_number,
            parse_constant=_no_number,
            parse_int=_whole,
        )
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise Unverified("it is no JSON") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unverified("its JSON has a key twice")
    return found


def _whole(text: str) -> int:
    if len(text) > len(str(_SAFE)) + 1 or not -_SAFE < int(text) < _SAFE:
        _no_number(text)
    return int(text)


def _no_number(_text: str) -> Any:
    raise Unverified("its JSON has a number that readers take differently")
