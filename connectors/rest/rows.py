"""The list of rows in a document, or what is there instead and which setting to change; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from connectors.errors import SourceChanged
from connectors.rest.locations import DocumentPath, in_words, locate, steps

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
"""Of a field, as schemas have them. Another may be a value from the data, and is not repeated."""
_MOST_PROPOSED = 3


def find_rows(
    what: str, rows: DocumentPath, document: object, headers: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What stands at `rows`; SourceChanged, with the setting to change, unless it is a list of
    objects.
    """
    try:
        found: list[dict[str, Any]] = locate(rows, document, headers)
    except LookupError:
        came = f"the answer is {_kind(document)}"
    else:
        if _is_rows(found):
            return found
        came = f"the answer is {_kind(found)}" if not steps(rows) else f"{_kind(found)} is there"
    nothing = f"{what}: no list of objects at {in_words(rows)}"
    raise SourceChanged(f"{nothing}: {came}: {_instead(document)} in its Endpoint")


def _instead(document: object) -> str:
    """What to write, if there are few lists that can be meant."""
    if _is_rows(document):
        return "write rows=ROOT"
    lists = list(_lists(document))
    meant = [where for where, found in lists if found] or [where for where, _ in lists]
    if 1 <= len(meant) <= _MOST_PROPOSED:
        return "write " + " or ".join(f'rows="{".".join(where)}"' for where in meant)
    return "correct rows"


def _lists(document: object) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """Lists of objects in fields of the document, and in fields of these."""
    for name, value in _fields(document):
        if _is_rows(value):
            yield (name,), value
        for inner, below in _fields(value):
            if _is_rows(below):
                yield (name, inner), below


def _fields(value: object) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        yield from ((name, one) for name, one in value.items() if _NAME.fullmatch(name))


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and {dict}.issuperset(map(type, value))


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case str():
            return "text"
        case dict():
            return "an object"
        case list():
            return "a list of objects" if _is_rows(value) else "a list of other things"
    return "a number"
