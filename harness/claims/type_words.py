"""What to do where values are of another type than promised: the source's and the contract's."""

from __future__ import annotations

import re

from harness.claims import wording

_TIMES = re.compile(r"date|time ?stamp|datetime")
_ZONED = re.compile(r"timestamptz|with time zone|\bUTC\b", re.IGNORECASE)
_UNZONED = re.compile(r"without time zone|\blocal\b|^timestamp$|^datetime$")
_NUMBER = re.compile(r"(?:numeric|decimal)\((\d+), ?(\d+)\)")

_UNNAMED = "a type without a name"
"""What a SQL catalogue says of a type that SQLAlchemy has no name for."""
_CAST = "have it cast to one type, as in a view, or leave the column out"


def explain(declared: str | None, promised: str) -> str:
    """A clause in brackets; "" where the source declares no type."""
    if not declared:
        return ""
    if declared == _UNNAMED:
        return f" (its source names no type, the contract {_plain(promised)}: {_CAST})"
    told = f" (the source declares {wording.name(declared)}, the contract {_plain(promised)}"
    if promised == "string" and (type_ := _polars(declared)):
        return f"{told}: promise {type_}, have it sent as text, or leave the column out)"
    if promised == "date" and declared == "date":
        return " (a date lies in the years 1 to 9999: correct others there, such as infinity)"
    if promised.endswith("UTC)") and _UNZONED.search(declared):
        return f'{told}: promise pl.Datetime("us"), or have its zone sent)'
    return f"{told}: correct either; where it mixes types, {_CAST})"


def _plain(promised: str) -> str:
    return "text" if promised == "string" else promised


def _polars(declared: str) -> str | None:
    """What a contract would promise of a date, a time or a number; None for any other type."""
    if number := _NUMBER.match(declared):
        return f"pl.Decimal({number[1]}, {number[2]})"
    if not _TIMES.match(declared):
        return None
    if declared == "date":
        return "pl.Date"
    return 'pl.Datetime("us", "UTC")' if _ZONED.search(declared) else 'pl.Datetime("us")'
