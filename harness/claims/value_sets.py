"""Which values a declared type holds, so that two types can be compared; pure.

Types are words: of PostgreSQL and SQLite (`numeric(12, 2)`), of a Parquet footer
(`timestamp(UTC, microseconds)`), of a contract (`timestamp(us, UTC)`). Words
that nobody here knows are a kind of their own, in which only numbers are compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

_ANY = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueSet:
    """The values of one type."""

    kind: str
    """Values of two kinds are never equal, but whole numbers may be floats."""
    sizes: tuple[float | Fraction, ...] = ()
    """Each is larger for more values. Of exact numbers: what all lie below, what all lie above
    without its sign, and their places after the point."""

    @property
    def is_known(self) -> bool:
        """Whether the words meant something here."""
        return self.kind in _KINDS

    def holds(self, other: ValueSet) -> bool:
        """Whether each of the other's values is exactly one of these."""
        if self.kind == "float" and other.kind == "exact":
            above, below, places = other.sizes
            return places == 0 and max(above, below) <= 2 ** int(self.sizes[0]) + 1
        return (self.kind, len(self.sizes)) == (other.kind, len(other.sizes)) and all(
            ours >= theirs for ours, theirs in zip(self.sizes, other.sizes, strict=True)
        )


@lru_cache(maxsize=10_000)
def value_set(words: str) -> ValueSet:
    """What the words hold."""
    words = words.strip().lower()[:_LONGEST]
    if words.endswith("[]"):
        of = value_set(words.removesuffix("[]"))
        return ValueSet(kind=f"array of {of.kind}", sizes=of.sizes)
    if known := _KNOWN.get(words):
        return known
    if match := _SIZED.fullmatch(words):
        name, inner, rest = match[1], [part.strip() for part in match[2].split(",")], match[3]
        numbers = [int(part) for part in inner if _DIGIT.fullmatch(part)]
        if found := _sized(name, inner, numbers, rest):
            return found
    if (domain := _DOMAIN.fullmatch(words)) and (base := value_set(domain[1])).is_known:
        return base
    return ValueSet(
        kind=_NUMBER.sub("#", words), sizes=tuple(float(n) for n in _NUMBER.findall(words))
    )


def _sized(name: str, inner: list[str], numbers: list[int], rest: str) -> ValueSet | None:
    """A type whose sizes stand in brackets."""
    match name, numbers:
        case "numeric" | "decimal", [precision, *scale] if max(numbers) <= _MOST_DIGITS:
            return _decimal(precision, scale[0] if scale else 0)
        case "varchar" | "character varying" | "char" | "character" | "bpchar", [length]:
            return ValueSet(kind="text" if "var" in name else "char", sizes=(length,))
        case "int", [bits] if bits <= _MOST_BITS:
            return _integer(bits, signed="unsigned" not in inner)
        case "timestamp" | "time", _:
            fine = [_DIGITS[part] for part in inner if part in _DIGITS] or numbers or [6]
            zoned = "utc" in inner or rest == "with time zone"
            return _time(name, fine[0], zoned=zoned)
        case _:
            return None


def _integer(bits: int, *, signed: bool) -> ValueSet:
    above = 2 ** (bits - signed)
    return ValueSet(kind="exact", sizes=(above, above + 1 if signed else 1, 0))


def _decimal(precision: int, scale: int) -> ValueSet:
    bound = Fraction(10) ** (precision - scale)
    return ValueSet(kind="exact", sizes=(bound, bound, scale))


def _time(name: str, digits: int, *, zoned: bool) -> ValueSet:
    """Nanoseconds are a kind of their own: 64 bits of them end in the year 2262."""
    kind = f"{name} {'in a zone' if zoned else 'by a clock'}"
    return ValueSet(kind=f"{kind} in nanoseconds" if digits == _NANO else kind, sizes=(digits,))


_NANO = 9
_DIGITS = {
    "s": 0,
    "seconds": 0,
    "ms": 3,
    "milliseconds": 3,
    "us": 6,
    "microseconds": 6,
    "ns": _NANO,
    "nanoseconds": _NANO,
}
_MOST_DIGITS = 1_000
"""PostgreSQL's own bound. A source may declare more, and is not believed."""
_MOST_BITS = 64
_LONGEST = 200
"""A type within a type is looked at so far."""
_DIGIT = re.compile(r"-?[0-9]{1,9}")
_DOMAIN = re.compile(r"[^()]+ \((.*)\)")
_SIZED = re.compile(r"([a-z][a-z ]*?) ?\(([^()]*)\) ?(.*)")
_NUMBER = re.compile(r"\d+")
_FLOATS = {"half": 11, "float16": 11, "real": 24, "float": 24, "float32": 24}
_INTEGERS = {
    "tinyint": 8,
    "smallint": 16,
    "integer": 32,
    "int": 32,
    "bigint": 64,
    **{f"int{bits}": bits for bits in (8, 16, 32, 64)},
}
_ALIKE = {
    "text": ("text", "varchar", "character varying", "string"),
    "bytes": ("bytea", "blob", "byte_array", "binary"),
    "boolean": ("boolean", "bool"),
}
_KNOWN: Mapping[str, ValueSet] = {
    **{name: _integer(bits, signed=True) for name, bits in _INTEGERS.items()},
    **{f"uint{bits}": _integer(bits, signed=False) for bits in (8, 16, 32, 64)},
    **{name: ValueSet(kind="float", sizes=(bits,)) for name, bits in _FLOATS.items()},
    **dict.fromkeys(
        ("double", "double precision", "float64"), ValueSet(kind="float", sizes=(53,))
    ),
    **dict.fromkeys(("numeric", "decimal"), ValueSet(kind="exact", sizes=(_ANY, _ANY, _ANY))),
    **{
        name: ValueSet(kind=kind, sizes=() if kind == "boolean" else (_ANY,))
        for kind, names in _ALIKE.items()
        for name in names
    },
    **{name: ValueSet(kind="char", sizes=(1,)) for name in ("char", "character")},
    **{
        name + rest: _time(name, 6, zoned="with " in rest)
        for name in ("timestamp", "time")
        for rest in ("", " without time zone", " with time zone")
    },
    "timestamptz": _time("timestamp", 6, zoned=True),
}
_KINDS = {held.kind for held in _KNOWN.values()} | {
    "char",
    *(
        f"{name} {zone} in nanoseconds"
        for name in ("timestamp", "time")
        for zone in ("in a zone", "by a clock")
    ),
}
