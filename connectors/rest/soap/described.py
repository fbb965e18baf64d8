"""What a WSDL says of the columns of rows, over what a first page shows of them; pure.

The WSDL decides kinds: text stays text however it looks, and what may be left out is nullable. XSD
bounds neither the digits of a decimal nor the zone of a time: those are as the page has them.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from connectors.capabilities import Described, DescribedColumn
from connectors.rest.soap.shape import Part, Shape
from connectors.rest.soap.texts import INTEGERS

_WIDE = pa.decimal128(38, 0)
"""Whole numbers without bounds, as far as a column of numbers goes; a longer one is rescued."""
_FRACTIONS = pa.decimal128(38, 9)
"""Where a page shows no fraction: XSD says that one may come."""
_UNBOUNDED = INTEGERS - frozenset(
    {"byte", "short", "int", "long", "unsignedByte", "unsignedShort", "unsignedInt"}
)
_BY_PAGE = frozenset({"dateTime", "date", "time"})


def described_by(shape: Shape, sampled: Described, wsdl: str) -> Described:
    """The description with each column as the WSDL has it."""
    parts = {part.name: part for part in shape.parts()}
    columns = tuple(
        column if (part := parts.get(column.name)) is None else _column(column, part)
        for column in sampled.columns
    )
    return replace(sampled, what=f"{sampled.what}, by {wsdl}", columns=columns)


def _column(column: DescribedColumn, part: Part) -> DescribedColumn:
    nullable = column.nullable or part.nillable or not part.required
    type_ = part.shape.type
    if type_ is None or part.many or not part.shape.is_value:
        return replace(column, type="elements", nullable=nullable)
    return replace(
        column,
        type=f"xsd:{type_}",
        nullable=nullable,
        lands_as=_lands_as(type_, column.lands_as),
    )


def _lands_as(type_: str, seen: pa.DataType | None) -> pa.DataType | None:
    if type_ in _BY_PAGE:
        return seen
    if type_ in INTEGERS:
        return _WIDE if type_ in _UNBOUNDED else pa.int64()
    match type_:
        case "decimal":
            return seen if seen is not None and pa.types.is_decimal(seen) else _FRACTIONS
        case "float" | "double":
            return pa.float64()
        case "boolean":
            return pa.bool_()
    return pa.string()
