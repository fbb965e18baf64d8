"""JSON that can be read in one way alone, within bounds; and its canonical bytes (RFC 8785).

Refused: a key twice in one object, NaN and infinity, a whole number that readers round, text that
no UTF-8 can hold, what is nested too deep, and anything beside the one value.
"""

from __future__ import annotations

import json
import math
from typing import Any, NoReturn

from harness.evidence.verify import bounds
from harness.evidence.verify.finding import NotReadable

_SAFE = 2**53
_FIXED_FROM, _FIXED_UNTIL = -6, 21
"""ECMAScript writes 1e-7 and 1e21 with an exponent, and what lies between without."""


def parsed(content: bytes) -> Any:
    """The value of JSON bytes. Raises NotReadable with the reason."""
    try:
        return json.loads(
            content.decode(),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_whole,
            parse_float=_fraction,
        )
    except UnicodeDecodeError as error:
        raise NotReadable(f"byte {error.start} is no UTF-8") from error
    except json.JSONDecodeError as error:
        raise NotReadable(
            f"it is no JSON: line {error.lineno}, column {error.colno}: {error.msg}"
        ) from error
    except RecursionError as error:
        raise NotReadable("it is nested too deep") from error


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of a value that `parsed` gave. Raises NotReadable for a lone surrogate."""
    try:
        return _written(value).encode()
    except UnicodeEncodeError as error:
        raise NotReadable("it holds half a character, which no UTF-8 can hold") from error
    except RecursionError as error:
        raise NotReadable("it is nested too deep") from error


def _written(value: Any) -> str:
    match value:
        case dict():
            keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
            return "{" + ",".join(f"{_text(key)}:{_written(value[key])}" for key in keys) + "}"
        case list():
            return "[" + ",".join(map(_written, value)) + "]"
        case float():
            return _number(value)
        case _:
            return _text(value)


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _number(value: float) -> str:
    """RFC 8785 3.2.2.3: as ECMAScript writes it. Python finds the same shortest digits."""
    if value == 0:
        return "0"
    mantissa, _, exponent = f"{abs(value)!r}".partition("e")
    whole, _, rest = mantissa.partition(".")
    digits = (whole + rest).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + rest) - len(digits))
    digits = digits.rstrip("0")
    sign = "-" if value < 0 else ""
    if _FIXED_FROM < point <= _FIXED_UNTIL:
        padded = "0" * -min(point - 1, 0) + digits
        at = max(point, 1)
        padded += "0" * (at - len(padded))
        return sign + padded[:at] + (f".{padded[at:]}" if padded[at:] else "")
    fraction = f".{digits[1:]}" if digits[1:] else ""
    return f"{sign}{digits[0]}{fraction}e{point - 1:+d}"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise NotReadable(f"the key {twice[:80]!r} stands twice in one object")
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise NotReadable(f"{name} is no number of JSON")


def _whole(digits: str) -> int | float:
    if len(digits) < bounds.DIGITS:
        return int(digits)
    double = float(digits)
    if abs(double) < _SAFE:
        return int(double)
    if not math.isfinite(double) or _number(double) != digits:
        raise NotReadable("a whole number of 2^53 or more must be text: readers round it")
    return double


def _fraction(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise NotReadable("a number is too large for a double")
    return value
