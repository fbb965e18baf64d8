"""Rows of JSON as columns, whose numbers keep their last digit."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from itertools import chain
from operator import itemgetter
from typing import Any

import msgspec
import pyarrow as pa

from connectors import bounds
from connectors.convert.names import require_names
from connectors.errors import SourceChanged


def columns(rows: list[dict[str, Any]], where: str) -> tuple[dict[str, list[object]], set[str]]:
    """At least one row as columns: each field that any has, None where a row leaves it out; and
    the names of the fields that some row leaves out. SourceChanged, beginning with `where`, for
    names or a table beyond our bounds.
    """
    require_names(rows[0].keys(), where)
    try:
        whole = {name: list(map(itemgetter(name), rows)) for name in rows[0]}
        if len(whole) * len(rows) == sum(map(len, rows)):  # all of one shape, as most are
            return whole, set()
    except KeyError:
        pass
    names = dict.fromkeys(chain.from_iterable(rows))
    require_names(names, where)
    if len(names) * len(rows) > bounds.CELLS:
        raise SourceChanged(
            f"{where}: {len(rows):,} rows have {len(names):,} fields, most of them left out: "
            "have each row name the same ones"
        )
    found = {name: [row.get(name) for row in rows] for name in names}
    return found, names.keys() - set(names).intersection(*rows)


def plain(values: list[object], name: str, schema: pa.Schema) -> list[object]:
    """The values of the field `name`; where the contract wants a fraction, JSON numbers (which
    may be written `1`, `1.0` or `1e0`) come as text, exact and of one kind.
    """
    index = schema.get_field_index(name)
    wanted = None if index < 0 else schema.field(index).type
    if wanted is None or not (pa.types.is_decimal(wanted) or pa.types.is_floating(wanted)):
        return values
    if {int, Decimal}.isdisjoint(map(type, values)):
        return values
    return [str(v) if type(v) in (int, Decimal) else v for v in values]


def digest_rows(rows: list[dict[str, Any]]) -> bytes:
    """Equal for equal rows, in any practical case for no others."""
    try:
        text = msgspec.json.encode(rows)
    except (ValueError, OverflowError, RecursionError, TypeError):  # long numbers, lone surrogates
        text = repr(rows).encode(errors="surrogatepass")
    return hashlib.blake2b(text, digest_size=16).digest()
