"""JSON as it stands in the answer: numbers to the last digit, no key twice, no NaN.

    body ─▶ fast decoder ─▶ as many keys as the text can have at most? ─▶ the document
                └─ refused, or fewer ─▶ strict decoder, which looks at every key ─▶ it, or none

The fast decoder silently keeps the last of two equal keys; the number of keys shows it.
"""

from __future__ import annotations

import json
from decimal import Decimal
from itertools import chain
from operator import itemgetter
from typing import Any, NoReturn

import msgspec
import pyarrow as pa

_FAST = msgspec.json.Decoder(float_hook=Decimal)
NO_JSON = (ValueError, ArithmeticError, RecursionError)
"""What `decoded` raises; the messages show data."""


def decoded(body: bytes) -> Any:
    """What `body` says, if it is JSON in UTF-8 without a key that stands twice in one object."""
    try:
        document = _FAST.decode(body)
        if _keys_at_least(document) == _keys_at_most(body):
            return document
    except (msgspec.MsgspecError, *NO_JSON):
        pass
    return json.loads(
        body.decode(), object_pairs_hook=_object, parse_float=Decimal, parse_constant=_refuse
    )


def decoded_lines(body: bytes) -> list[Any] | None:
    """What each line of `body` says; None where the strict decoder must look at each line."""
    try:
        lines = _FAST.decode_lines(body)
    except (msgspec.MsgspecError, *NO_JSON):
        return None
    is_whole = len(lines) == body.count(b"\n") + (not body.endswith(b"\n"))
    return lines if is_whole and _keys_at_least(lines) == _keys_at_most(body) else None


def columns(rows: list[dict[str, Any]]) -> tuple[dict[str, list[object]], set[str]]:
    """At least one row as columns: each field that any has, None where a row leaves it out; and
    the names of the fields that some row leaves out.
    """
    try:
        whole = {name: list(map(itemgetter(name), rows)) for name in rows[0]}
        if len(whole) * len(rows) == sum(map(len, rows)):  # all of one shape, as most are
            return whole, set()
    except KeyError:
        pass
    names = dict.fromkeys(chain.from_iterable(rows))
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


def _keys_at_least(value: object) -> int:
    """The keys in `value`, but in a list of objects only the outer ones: rows are mostly flat."""
    if isinstance(value, dict):
        return len(value) + sum(map(_keys_at_least, value.values()))
    if isinstance(value, list):
        count = len if {dict}.issuperset(map(type, value)) else _keys_at_least
        return sum(map(count, value))
    return 0


def _keys_at_most(body: bytes) -> int:
    """RFC 8259 4: a colon follows each key's quotation mark, or white space behind that."""
    return body.translate(None, b" \t\n\r").count(b'":')


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        raise ValueError("a key stands twice")
    return unique


def _refuse(_: str) -> NoReturn:
    raise ValueError("RFC 8259 knows no NaN and no infinity")
