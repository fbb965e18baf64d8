"""Fields inside fields as columns of their own, or as the text of their JSON; pure."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

from connectors.convert.strict_json import Unread
from connectors.errors import SourceChanged
from connectors.rest.locations import DocumentPath, in_words, locate, steps


def with_columns(
    what: str, rows: list[dict[str, Any]], columns: Mapping[str, DocumentPath]
) -> list[dict[str, Any]]:
    """The rows with what stands at each path as a field more. A row in which the path leads
    nowhere leaves the field out, as any row may, and where it leads through a null it is null. The
    field that holds it stays. SourceChanged where rows have a field of that name already.
    """
    found = []
    for row in rows:
        if taken := row.keys() & columns.keys():
            raise SourceChanged(
                f"{what}: its rows have a field {min(taken)} of their own: choose another name in "
                "columns"
            )
        nested = dict(row)
        for name, path in columns.items():
            with suppress(LookupError):
                nested[name] = _inside(row, path)
        found.append(nested)
    return found


def with_texts(rows: list[dict[str, Any]], names: Collection[str]) -> list[dict[str, Any]]:
    """The rows with the objects and lists in the fields `names` as the text of their JSON: in the
    order in which it came, without spaces, each number as it was written.
    """
    return [
        {name: _outer(held) if name in names else held for name, held in row.items()}
        for row in rows
    ]


def _outer(held: object) -> object:
    return _text(held) if isinstance(held, dict | list) else held


def _text(held: object) -> str:
    match held:
        case dict():
            fields = (f"{_text(name)}:{_text(inner)}" for name, inner in held.items())
            return f"{{{','.join(fields)}}}"
        case list():
            return f"[{','.join(map(_text, held))}]"
        case bytes():
            return held.decode()
        case Unread():
            return held.text
    return json.dumps(held, ensure_ascii=False)


def require_parts(columns: Mapping[str, DocumentPath]) -> None:
    """ValueError for a column that is no part of a row, and for a path that is none."""
    for name, path in columns.items():
        if not name or not steps(path):
            raise ValueError("a column of an endpoint is a part of its rows: name both")
        in_words(path)


def _inside(row: dict[str, Any], path: DocumentPath) -> Any:
    value: Any = row
    for step in steps(path):
        if value is None:
            return None
        value = locate((step,), value, {})
    return value
