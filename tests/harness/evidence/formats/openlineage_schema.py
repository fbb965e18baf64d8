"""JSON schemas of OpenLineage's events and facets, from the types of its own Python client.

The client comes without the schemas, and takes what they refuse: a time without a zone, a null.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from enum import Enum
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import attr
import jsonschema
from openlineage.client import generated
from openlineage.client.generated.base import JobEvent, RunEvent

FORMATS = {
    "eventTime": "date-time",
    "producer": "uri",
    "schemaURL": "uri",
    "_producer": "uri",
    "_schemaURL": "uri",
    "runId": "uuid",
}
_PLAIN = {str: "string", bool: "boolean", int: "integer", float: "number"}


def _schema(of: Any, above: tuple[Any, ...] = ()) -> dict[str, Any]:
    if of in _PLAIN:
        return {"type": _PLAIN[of]}
    if isinstance(of, type) and issubclass(of, Enum):
        return {"enum": [one.value for one in of]}
    if attr.has(of):
        return {"type": "object"} if of in above else _object(of, above)  # fields of fields
    inside = [one for one in get_args(of) if one is not NoneType]
    if get_origin(of) is list:
        return {"type": "array", "items": _schema(inside[0], above)}
    if get_origin(of) is dict:
        return {"type": "object", "additionalProperties": _schema(inside[1], above)}
    return {"anyOf": [_schema(one, above) for one in inside]} if inside else {}


def _object(of: Any, above: tuple[Any, ...] = ()) -> dict[str, Any]:
    hints = get_type_hints(of)
    sent = [one for one in attr.fields(of) if one.name in hints]
    always = {"_producer", "_schemaURL", "schemaURL"}
    return {
        "type": "object",
        "properties": {
            one.name: _schema(hints[one.name], (*above, of))
            | ({"format": FORMATS[one.name]} if one.name in FORMATS else {})
            for one in sent
        },
        "required": [
            one.name for one in sent if one.default is attr.NOTHING or one.name in always
        ],
    }


def _facets() -> Iterator[tuple[str, Any]]:
    for module in pkgutil.iter_modules(generated.__path__, f"{generated.__name__}."):
        for of in vars(importlib.import_module(module.name)).values():
            if attr.has(of) and hasattr(of, "_get_schema"):
                yield of._get_schema(), of  # noqa: SLF001 - the class's own word for what it is


def problems(event: dict[str, Any]) -> list[str]:
    """What is wrong with an event of a run or of a job; facets of unknown schemas are."""
    known = dict(_facets())
    found = [*_problems(_object(RunEvent if "run" in event else JobEvent), event)]
    for facet in _facets_in(event):
        of = known.get(facet.get("_schemaURL", ""))
        found += ["an unknown facet"] if of is None else _problems(_object(of), facet)
    return found


def _facets_in(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        for name, inside in value.items():
            yield from inside.values() if name in ("facets", "inputFacets") else ()
            yield from _facets_in(inside)
    if isinstance(value, list):
        for inside in value:
            yield from _facets_in(inside)


def _problems(schema: dict[str, Any], value: Any) -> Iterator[str]:
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    for one in jsonschema.Draft202012Validator(schema, format_checker=checker).iter_errors(value):
        yield f"{one.json_path}: {one.message}"
