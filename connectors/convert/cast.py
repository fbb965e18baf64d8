"""Converts one column to one type exactly: all values are equal, or ConversionError is raised.

Arrow's own casts are guarded where they accept more than the plain notation of a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from connectors import bounds
from connectors.convert import calendar

Column: TypeAlias = "pa.Array[Any] | Sequence[object]"
"""An Arrow array, or Python values of any types."""

_KINDS: tuple[tuple[str, Callable[[pa.DataType], bool]], ...] = (
    ("integer", pa.types.is_integer),
    ("decimal", pa.types.is_decimal),
    ("floating", pa.types.is_floating),
    ("boolean", pa.types.is_boolean),
    ("date", pa.types.is_date),
    ("text", lambda type_: pa.types.is_string(type_) or pa.types.is_large_string(type_)),
    ("text", pa.types.is_string_view),
    ("bytes", lambda type_: pa.types.is_binary(type_) or pa.types.is_large_binary(type_)),
    ("bytes", pa.types.is_fixed_size_binary),
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
    "bytes": ("bytes",),
}
"""Promised kind → kinds that can hold it. A number is no text, a local time no instant."""

_NOTATION: Mapping[str, str] = {
    "integer": r"^-?[0-9]+$",
    "decimal": r"^[+-]?[0-9]*\.?[0-9]*$|[eE]",
    "floating": r"^[+-]?[0-9.]+([eE][+-]?[0-9]+)?$",
    "boolean": r"(?i)^(true|false|0|1)$",
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "local time": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]",
    "instant": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]",
}
"""A pattern that every text of this kind matches; other texts may match as well."""

_DOUBLE_CHARACTERS = 15
"""Digits that a double preserves (DBL_DIG)."""
_DECIMAL_CHARACTERS = 38
"""Digits, including those that the type adds after the point, that are read without overflow."""
_DECIMAL = pa.Decimal128Type | pa.Decimal256Type

_ANY_INTEGER = pa.decimal128(20, 0)
"""Holds every 64-bit integer."""


class ConversionError(Exception):
    """At least one value does not convert exactly."""


def cast_exactly(values: Column, wanted: pa.DataType) -> pa.Array[Any]:
    """All values in the wanted type, each equal to its original. Raises ConversionError."""
    array = values if isinstance(values, pa.Array) else _from_python(values, wanted)
    if array.null_count == len(array):
        return pc.cast(pa.nulls(len(array)), wanted)
    kind, promised = kind_of(array.type), kind_of(wanted)
    if promised == "floating":
        return _to_floating(array, kind, wanted)
    if array.type == wanted:
        return _on_calendar(array)
    if kind not in _FITS.get(promised, ()) or (kind == "text" and _is_lenient(array, promised)):
        raise ConversionError
    if isinstance(wanted, _DECIMAL):
        return _to_decimal(array, kind, wanted)
    return _on_calendar(_cast(array, wanted))


def kind_of(type_: pa.DataType) -> str:
    """The kind of values that a type holds."""
    if pa.types.is_timestamp(type_):
        return "local time" if type_.tz is None else "instant"
    return next((kind for kind, holds in _KINDS if holds(type_)), "other")


def could_fit(array: Any, wanted: pa.DataType) -> list[bool]:
    """False for rows that certainly do not convert; True for nulls and for all others."""
    kind, promised = kind_of(array.type), kind_of(wanted)
    if kind not in _FITS.get(promised, ()):
        return [not valid for valid in array.is_valid().to_pylist()]
    if calendar.is_of_it(array.type):
        return calendar.which(array)
    if kind != "text" or promised == "text":
        return [True] * len(array)
    notation = _NOTATION[promised]
    if isinstance(wanted, _DECIMAL):
        notation = notation.replace(r"[0-9]*$", rf"[0-9]{{0,{wanted.scale}}}0*$")
    return [could is not False for could in pc.match_substring_regex(array, notation).to_pylist()]


def _on_calendar(array: pa.Array[Any]) -> pa.Array[Any]:
    if not calendar.holds(array):
        raise ConversionError
    return array


def _from_python(values: Any, wanted: pa.DataType) -> pa.Array[Any]:
    """Python values of one type as Arrow. `pa.array` alone would mix and convert types."""
    try:
        array: pa.Array[Any] = pa.array(values)
    except OverflowError:
        return _from_large_integers(values, wanted)
    except (ValueError, TypeError, pa.ArrowException):
        raise ConversionError from None
    if kind_of(array.type) in _UNMIXED:
        return array
    types = set(map(type, values)) - {type(None)}
    if len(types) > 1 or (datetime in types and _mixes_zones(values)):
        raise ConversionError
    return array


def _from_large_integers(values: Any, wanted: pa.DataType) -> pa.Array[Any]:
    """Integers beyond Arrow's own choice, int64, in a wanted type that holds them."""
    if set(map(type, values)) - {type(None)} != {int}:
        raise ConversionError
    exact = values
    if isinstance(wanted, _DECIMAL):
        exact = [None if value is None else Decimal(value) for value in values]
    elif not pa.types.is_uint64(wanted):
        raise ConversionError
    try:
        return pa.array(exact, wanted)
    except (ValueError, OverflowError):
        raise ConversionError from None


_UNMIXED = ("integer", "boolean", "text")
"""Kinds for which Arrow itself requires Python values of one type."""


def _mixes_zones(values: Sequence[object]) -> bool:
    return len({value.tzinfo is None for value in values if isinstance(value, datetime)}) > 1


def _is_lenient(text: Any, promised: str) -> bool:
    """Whether Arrow would accept a notation that is not plain."""
    if promised == "integer":  # 0x1F is read as 31
        return _may_hold(text, b"xX") and _any(_with_letter(text, "x"))
    if promised == "local time":  # a date is read as its midnight
        return _any(pc.less_equal(pc.binary_length(text), pa.scalar(len("2026-11-20"))))
    return False


def _to_floating(array: pa.Array[Any], kind: str, wanted: pa.DataType) -> pa.Array[Any]:
    """Finite numbers that are equal in the wanted type. NaN and infinity do not convert, because
    comparisons would treat them as numbers.
    """
    if kind not in _FITS["floating"]:
        raise ConversionError
    source = array
    if kind == "text":
        source = _from_text(array, pa.float64(), _DOUBLE_CHARACTERS)
    elif pa.types.is_float16(array.type):  # Arrow cannot compare them
        source = _cast(array, pa.float32())
    fitted = _cast(source, wanted)
    if _any(pc.invert(pc.is_finite(fitted))):
        raise ConversionError
    if source.type == wanted:
        return fitted
    if _any(pc.not_equal(pc.cast(fitted, source.type, safe=False), source)):
        raise ConversionError
    return fitted


def _to_decimal(array: pa.Array[Any], kind: str, wanted: Any) -> pa.Array[Any]:
    """Decimals of equal value. Arrow's rescaling overflows silently."""
    if kind == "text":
        return _from_text(array, wanted, _DECIMAL_CHARACTERS - wanted.scale)
    source: Any = _cast(array, _ANY_INTEGER) if kind == "integer" else array
    fitted = _cast(source, wanted)
    narrower = source.type.precision - source.type.scale > wanted.precision - wanted.scale
    if narrower and not _cast(fitted, source.type).equals(source):
        raise ConversionError
    return fitted


def _from_text(text: Any, wanted: pa.DataType, plain_characters: int) -> pa.Array[Any]:
    """Numbers equal to their text. Arrow may overflow, round or crash on a text that is longer
    than `plain_characters` or has an exponent: Python reads those, within our bounds.
    """
    length = pc.binary_length(text)
    longest = pc.max(length).as_py()
    if longest > bounds.NUMBER_CHARACTERS:
        raise ConversionError
    if longest <= plain_characters and not _may_hold(text, b"eE"):
        return _cast(text, wanted)
    doubtful = pc.or_(pc.greater(length, pa.scalar(plain_characters)), _with_letter(text, "e"))
    written = text.filter(doubtful)
    try:
        if isinstance(wanted, _DECIMAL):
            plain = _cast(pc.if_else(doubtful, pa.scalar(None, text.type), text), wanted)
            mask = pc.fill_null(doubtful, pa.scalar(value=False))
            exact: pa.Array[Any] = pc.replace_with_mask(plain, mask, _decimals(written, wanted))
            return exact
        fitted = _cast(text, wanted)
        pairs = zip(written.to_pylist(), fitted.filter(doubtful).to_pylist(), strict=True)
        if all(Decimal(digits) == Decimal(str(number)) for digits, number in pairs):
            return fitted
    except ArithmeticError:
        pass
    raise ConversionError


def _decimals(text: Any, wanted: Any) -> Any:
    """The same numbers with as many places as the type; an ArithmeticError if it has no such."""
    is_number = rf"^[+-]?[0-9]*\.?[0-9]*(?:[eE][+-]?[0-9]{{1,{bounds.EXPONENT_DIGITS}}})?$"
    if not pc.all(pc.match_substring_regex(text, is_number)).as_py():
        raise ConversionError
    exactly = Context(prec=wanted.precision, traps=[Inexact, InvalidOperation])
    step = Decimal((0, (1,), -wanted.scale))
    return pa.array(
        [Decimal(one).quantize(step, None, exactly) for one in text.to_pylist()], wanted
    )


def _may_hold(text: Any, letters: bytes) -> bool:
    """False only if no value contains one of the letters. Searching the buffer of all values at
    once costs a tenth of searching them one by one.
    """
    if not pa.types.is_string(text.type):
        return True
    _, ends, data = text.buffers()
    end_of = memoryview(ends).cast("i")
    bytes_ = memoryview(data)[end_of[text.offset] : end_of[text.offset + len(text)]].tobytes()
    return any(letter in bytes_ for letter in letters)


def _with_letter(text: Any, letter: str) -> Any:
    """Which texts contain a letter, small or capital. Two searches are several times as fast as
    one that ignores case.
    """
    return pc.or_(pc.match_substring(text, letter), pc.match_substring(text, letter.upper()))


def _cast(array: pa.Array[Any], wanted: pa.DataType) -> pa.Array[Any]:
    try:
        return pc.cast(array, wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise ConversionError from None


def _any(mask: pa.Array[Any]) -> bool:
    return bool(pc.any(mask).as_py())
