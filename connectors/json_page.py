"""JSON as it stands in the answer: numbers to the last digit, no key twice, no NaN."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NoReturn

import pyarrow as pa

from connectors.http import Answer
from connectors.interface import SourceChanged
from connectors.pagination import Page

_OK = 200
_JSON = re.compile(
    r"application/([a-z0-9.-]+\+)?json\s*(;\s*charset=\"?utf-8\"?\s*)?", re.IGNORECASE
)


def page(answer: Answer, rows: str) -> Page:
    """The page in `answer` with its rows in the field `rows`; SourceChanged for anything else:
    another status, a log-in page, an error document, JSON that is cut or ambiguous.
    """
    if answer.status != _OK:
        raise SourceChanged(f"{answer.what} answered {answer.status}: correct the path")
    if not _JSON.fullmatch(answer.headers.get("content-type", "").strip()):
        raise SourceChanged(f"{answer.what} answered something other than JSON in UTF-8")
    try:
        document = json.loads(
            answer.body.decode(),
            object_pairs_hook=_object,
            parse_float=Decimal,
            parse_constant=_refuse,
        )
    except (ValueError, RecursionError):  # the message would show data
        raise SourceChanged(f"{answer.what}: its JSON is cut, malformed or ambiguous") from None
    found = document.get(rows) if isinstance(document, dict) else None
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise SourceChanged(f"{answer.what}: no list of objects in the field {rows}")
    return Page(
        what=answer.what,
        url=answer.url,
        headers=answer.headers,
        document=document,
        rows=found,
        bytes=len(answer.body),
    )


def columns(
    rows: list[dict[str, Any]], names: Iterable[str], schema: pa.Schema
) -> dict[str, list[object]]:
    """The rows as columns; where the contract wants a fraction, JSON numbers (which may be
    written `1`, `1.0` or `1e0`) come as text, exact and of one kind.
    """
    return {name: _column([row.get(name) for row in rows], name, schema) for name in names}


def _column(values: list[object], name: str, schema: pa.Schema) -> list[object]:
    index = schema.get_field_index(name)
    wanted = None if index < 0 else schema.field(index).type
    if wanted is None or not (pa.types.is_decimal(wanted) or pa.types.is_floating(wanted)):
        return values
    return [str(v) if type(v) in (int, Decimal) else v for v in values]


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        raise ValueError("a key stands twice")
    return unique


def _refuse(_: str) -> NoReturn:
    raise ValueError("RFC 8259 knows no NaN and no infinity")
