"""The types of OData as those of a contract (OData JSON Format 4.01, 7.1); pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa

from connectors.capabilities import ColumnRule, DescribedColumn
from connectors.rest.odata.csdl import Property

_DIGITS = 38
"""Of the widest number of a contract."""
_USUAL_SCALE = 9
_MICROSECONDS = 6
"""Digits behind a second that a contract's times have."""
_TYPES: Mapping[str, pa.DataType] = {
    "Edm.Boolean": pa.bool_(),
    "Edm.Byte": pa.int16(),
    "Edm.SByte": pa.int16(),
    "Edm.Int16": pa.int16(),
    "Edm.Int32": pa.int32(),
    "Edm.Int64": pa.int64(),
    "Edm.Single": pa.float64(),  # 0.1 is written, and no number of four bytes is 0.1
    "Edm.Double": pa.float64(),
    "Edm.Date": pa.date32(),
    "Edm.DateTimeOffset": pa.timestamp("us", "UTC"),
    "Edm.String": pa.string(),
    "Edm.Guid": pa.string(),
    "Edm.TimeOfDay": pa.string(),
    "Edm.Duration": pa.string(),
    "Edm.Binary": pa.string(),  # base64url
}
LONG_NUMBERS = ("Edm.Int64", "Edm.Decimal")
"""Those that are written as text where IEEE754Compatible is true."""


def column_of(one: Property) -> DescribedColumn:
    """The property as a column."""
    lands = _lands_as(one)
    facets = ", ".join(f"{name} {value}" for name, value in _shown(one))
    return DescribedColumn(
        name=one.name,
        type=f"{one.type} ({facets})" if facets else one.type,
        lands_as=lands,
        nullable=one.is_nullable,
        comment=one.says,
        rules=tuple(_rules(one)),
        time_written="iso" if lands == _TYPES["Edm.DateTimeOffset"] and _is_fine(one) else None,
        untyped=None
        if lands is not None
        else "it holds objects or lists, which json_text makes texts of",
    )


def _shown(one: Property) -> Iterator[tuple[str, str]]:
    for name in ("MaxLength", "Precision", "Scale"):
        if name in one.facets:
            yield name, one.facets[name]


def _lands_as(one: Property) -> pa.DataType | None:
    if one.kind == "EnumType":
        return pa.string()  # its members by name, several of them with commas
    if one.type == "Edm.Decimal":
        return _decimal(_number(one.facets.get("Precision")), one.facets.get("Scale", "0"))
    return _TYPES.get(one.type)


def _decimal(precision: int | None, scale: str) -> pa.DataType:
    """Wide enough for each value: with a point that may stand anywhere, digits on both sides."""
    places = _number(scale)
    if places is None:  # variable, floating
        places = _USUAL_SCALE if precision is None else min(precision, _DIGITS // 2)
        precision = None if precision is None else precision + places
    digits = _DIGITS if precision is None else min(max(precision, places, 1), _DIGITS)
    return pa.decimal128(digits, min(places, digits))


def _is_fine(one: Property) -> bool:
    precision = _number(one.facets.get("Precision"))
    return precision is not None and precision > _MICROSECONDS


def _rules(one: Property) -> Iterator[ColumnRule]:
    longest = _number(one.facets.get("MaxLength"))
    if one.type == "Edm.String" and longest is not None:
        yield ColumnRule(check="str_length", values=(None, longest))


def _number(text: str | None) -> int | None:
    """None also for `max` and `variable`."""
    return int(text) if text is not None and text.isascii() and text.isdigit() else None
