"""One column into one type without change: equal values, or ConversionError.

Arrow's own casts are guarded where they would accept more than the plain writing of a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

Column: TypeAlias = "pa.Array[Any] | Sequence[object]"
"""Arrow, or Python values of any types."""

_KINDS: tuple[tuple[str, Callable[[pa.DataType], bool]], ...] = (
    ("integer", pa.types.is_integer),
    ("decimal", pa.types.is_decimal),
    ("floating", pa.types.is_floating),
    ("boolean", pa.types.is_boolean),
    ("date", pa.types.is_date),
    ("text", lambda type_: pa.types.is_string(type_) or pa.types.is_large_string(type_)),
    ("text", pa.types.is_string_view),
)
_FITS: Mapping[str, tuple[str, ...]] = {
    "integer": ("integer", "text"),
    "decimal": ("decimal", "integer", "text"),
    "floating": ("floating", "integer", "text"),
    "boolean": ("boolean", "text"),
    "date": ("date", "text"),
    "local time": ("local time", "text"),
    "instant": ("instant", "text"),
    "text": ("text",),
}
"""Promised kind → kinds that can hold it. A number is no text, a local time no instant."""

_WRITING: Mapping[str, str] = {
    "integer": r"^-?[0-9]+$",
    "decimal": r"^[+-]?[0-9]*\.?[0-9]*$|[eE]",
    "floating": r"^[+-]?[0-9.]+([eE][+-]?[0-9]+)?$",
    "boolean": r"(?i)^(true|false|0|1)$",
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "local time": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]",
    "instant": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]",
}
"""What text must at least look like to be a value of a kind."""

_DOUBLE_CHARACTERS = 15
"""So many digits survive the way through a double and back (DBL_DIG)."""
_DECIMAL_CHARACTERS = 38
"""So many digits, with those behind the point that the type adds, are read without overflow."""
_DECIMAL = pa.Decimal128Type | pa.Decimal256Type

_ANY_INTEGER = pa.decimal128(20, 0)
"""Holds every 64-bit integer."""


class ConversionError(Exception):
    """Not every value fits."""


def cast_exactly(values: Column, wanted: pa.DataType) -> pa.Array[Any]:
    """All values in the wanted type, each equal to what came; ConversionError when one is not."""
    array = values if isinstance(values, pa.Array) else _from_python(values)
    if array.null_count == len(array):
        return pc.cast(pa.nulls(len(array)), wanted)
    kind, promised = kind_of(array.type), kind_of(wanted)
    if promised == "floating":
        return _to_floating(array, kind, wanted)
    if array.type == wanted:
        return array
    if kind not in _FITS.get(promised, ()) or (kind == "text" and _bends(array, promised)):
        raise ConversionError
    if isinstance(wanted, _DECIMAL):
        return _to_decimal(array, kind, wanted)
    return _cast(array, wanted)


def kind_of(type_: pa.DataType) -> str:
    """The kind of thing that a type holds."""
    if pa.types.is_timestamp(type_):
        return "local time" if type_.tz is None else "instant"
    return next((kind for kind, holds in _KINDS if holds(type_)), "other")


def could_fit(array: Any, wanted: pa.DataType) -> list[bool]:
    """False for the rows of which a glance tells that `exact` refuses them; nulls always fit."""
    kind, promised = kind_of(array.type), kind_of(wanted)
    if kind not in _FITS.get(promised, ()):
        return [not valid for valid in array.is_valid().to_pylist()]
    if kind != "text" or promised == "text":
        return [True] * len(array)
    writing = _WRITING[promised]
    if isinstance(wanted, _DECIMAL):
        writing = writing.replace(r"[0-9]*$", rf"[0-9]{{0,{wanted.scale}}}0*$")
    return [could is not False for could in pc.match_substring_regex(array, writing).to_pylist()]


def _from_python(values: Any) -> pa.Array[Any]:
    """Python values of one type as Arrow; `pa.array` alone would mix and bend them."""
    try:
        array: pa.Array[Any] = pa.array(values)
    except (ValueError, TypeError, OverflowError, pa.ArrowException):
        raise ConversionError from None
    if kind_of(array.type) in _UNMIXED:
        return array
    types = set(map(type, values)) - {type(None)}
    if len(types) > 1 or (datetime in types and _mixes_zones(values)):
        raise ConversionError
    return array


_UNMIXED = ("integer", "boolean", "text")
"""Kinds that Arrow itself takes from Python values of one type only."""


def _mixes_zones(values: Sequence[object]) -> bool:
    return len({value.tzinfo is None for value in values if isinstance(value, datetime)}) > 1


def _bends(text: Any, promised: str) -> bool:
    """Whether Arrow would take a writing that is not plain."""
    if promised == "integer":  # 0x1F is read as 31
        return _may_hold(text, b"xX") and _any(_with_letter(text, "x"))
    if promised == "local time":  # a date is read as its midnight
        return _any(pc.less_equal(pc.binary_length(text), pa.scalar(len("2026-11-20"))))
    return False


def _to_floating(array: pa.Array[Any], kind: str, wanted: pa.DataType) -> pa.Array[Any]:
    """Finite numbers that are the same in the wanted type. NaN and infinity do not fit: they
    would pass for numbers in every comparison.
    """
    if kind not in _FITS["floating"]:
        raise ConversionError
    came = array
    if kind == "text":
        came = _from_text(array, pa.float64(), _DOUBLE_CHARACTERS)
    elif pa.types.is_float16(array.type):  # Arrow cannot compare them
        came = _cast(array, pa.float32())
    fitted = _cast(came, wanted)
    if _any(pc.invert(pc.is_finite(fitted))):
        raise ConversionError
    if came.type != wanted and _any(pc.not_equal(pc.cast(fitted, came.type, safe=False), came)):
        raise ConversionError
    return fitted


def _to_decimal(array: pa.Array[Any], kind: str, wanted: Any) -> pa.Array[Any]:
    """Decimals of the same value. Arrow's rescaling overflows without a word."""
    if kind == "text":
        return _from_text(array, wanted, _DECIMAL_CHARACTERS - wanted.scale)
    came: Any = _cast(array, _ANY_INTEGER) if kind == "integer" else array
    fitted = _cast(came, wanted)
    narrower = came.type.precision - came.type.scale > wanted.precision - wanted.scale
    if narrower and not _cast(fitted, came.type).equals(came):
        raise ConversionError
    return fitted


def _from_text(text: Any, wanted: pa.DataType, plain_characters: int) -> pa.Array[Any]:
    """Numbers that are what the text says. A longer text than `plain_characters`, or one with an
    exponent, is held against its number: there Arrow overflows or rounds without a word.
    """
    fitted = _cast(text, wanted)
    length = pc.binary_length(text)
    if pc.max(length).as_py() <= plain_characters and not _may_hold(text, b"eE"):
        return fitted
    doubtful = pc.or_(pc.greater(length, pa.scalar(plain_characters)), _with_letter(text, "e"))
    pairs = zip(
        text.filter(doubtful).to_pylist(), fitted.filter(doubtful).to_pylist(), strict=True
    )
    try:
        if all(Decimal(said) == Decimal(str(number)) for said, number in pairs):
            return fitted
    except InvalidOperation:
        pass
    raise ConversionError


def _may_hold(text: Any, letters: bytes) -> bool:
    """False only where no value holds one of the letters: all values at once, as they lie in
    memory one behind the other, cost a tenth of one by one.
    """
    if not pa.types.is_string(text.type):
        return True
    _, ends, data = text.buffers()
    end_of = memoryview(ends).cast("i")
    held = memoryview(data)[end_of[text.offset] : end_of[text.offset + len(text)]].tobytes()
    return any(letter in held for letter in letters)


def _with_letter(text: Any, letter: str) -> Any:
    """Which texts hold a letter, small or capital. Looking twice is several times as fast as
    looking once regardless of case.
    """
    return pc.or_(pc.match_substring(text, letter), pc.match_substring(text, letter.upper()))


def _cast(array: pa.Array[Any], wanted: pa.DataType) -> pa.Array[Any]:
    try:
        return pc.cast(array, wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise ConversionError from None


def _any(mask: pa.Array[Any]) -> bool:
    return bool(pc.any(mask).as_py())
