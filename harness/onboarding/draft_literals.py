"""Texts and values of a source as Python: escaped literals, or one printable comment line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa

from connectors.capabilities import ColumnRule

_LONGEST = 400
"""Characters of an owner's comment that become a description."""


def literal(text: str) -> str:
    """Any text as a Python literal on one line, in double quotes where that needs no escape."""
    written = repr(text)
    return written if '"' in text else f'"{written[1:-1]}"'


def comment(text: str) -> str:
    """Any text as part of a comment: one printable line."""
    return "".join(c if c.isprintable() else "?" for c in text)


def description(text: str | None) -> str:
    """What an owner wrote, as one line; empty where they wrote nothing."""
    words = " ".join((text or "").split())
    return literal(words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…")


def rule_text(rule: ColumnRule) -> str:
    """A rule as the contract's check."""
    if rule.check == "str_length":
        bounds = zip(("min_value", "max_value"), rule.values, strict=True)
        given = ", ".join(f"{name}={value}" for name, value in bounds if value is not None)
    else:
        given = ", ".join(map(_value, rule.values))
    return f"pa.Check.{rule.check}({given})"


def imports(rules: Iterator[ColumnRule]) -> Iterator[str]:
    """The lines that import what the values of rules are written with."""
    values = [one for rule in rules for value in rule.values for one in _each(value)]
    times = [value for value in values if isinstance(value, datetime)]
    names = [
        *(["UTC"] if any(one.tzinfo for one in times) else []),
        *(["date"] if any(type(value) is date for value in values) else []),
        *(["datetime"] if times else []),
    ]
    if names:
        yield f"from datetime import {', '.join(names)}"
    if any(isinstance(value, Decimal) for value in values):
        yield "from decimal import Decimal"


def type_text(type_: pa.DataType | None) -> str:
    """The type as polars writes it; None where a contract has none for the column."""
    if isinstance(type_, pa.Decimal128Type):
        return f"pl.Decimal({type_.precision}, {type_.scale})"
    return "None" if type_ is None else _POLARS[type_]


def _each(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _value(value: object) -> str:
    match value:
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case str():
            return literal(value)
        case Decimal():
            return f'Decimal("{value}")'
        case datetime():
            fields = [value.year, value.month, value.day, value.hour, value.minute]
            fields += [value.second, value.microsecond]
            zone = ", tzinfo=UTC" if value.tzinfo else ""
            return f"datetime({', '.join(map(str, fields))}{zone})"
        case date():
            return f"date({value.year}, {value.month}, {value.day})"
    return repr(value)


_POLARS = {
    pa.bool_(): "pl.Boolean",
    pa.int16(): "pl.Int16",
    pa.int32(): "pl.Int32",
    pa.int64(): "pl.Int64",
    pa.float32(): "pl.Float32",
    pa.float64(): "pl.Float64",
    pa.date32(): "pl.Date",
    pa.timestamp("us"): 'pl.Datetime("us")',
    pa.timestamp("us", "UTC"): 'pl.Datetime("us", "UTC")',
    pa.binary(): "pl.Binary",
    pa.string(): "pl.String",
}
