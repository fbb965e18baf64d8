"""What the published schema says of each key of `pilot.yaml`, so that an editor can show it.

pydantic would read the docstrings as each class is made, which every command would wait for.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from harness.pilot.strict_model import StrictModel


def described(of: type[StrictModel]) -> dict[str, Any]:
    """The JSON Schema of a model, with the text below each field as its description."""
    schema = of.model_json_schema()
    known = {one.__name__: one for one in _all(StrictModel)}
    for name, part in {of.__name__: schema, **schema.get("$defs", {})}.items():
        if name in known:
            _describe(part["properties"], known[name])
    return schema


def _all(of: type[StrictModel]) -> Iterator[type[StrictModel]]:
    for one in of.__subclasses__():
        yield one
        yield from _all(one)


def _describe(properties: dict[str, Any], of: type[StrictModel]) -> None:
    for field, text in _below_fields(of).items():
        name = of.model_fields[field].alias or field
        properties[name]["description"] = " ".join(text.split())


def _below_fields(of: type[StrictModel]) -> Mapping[str, str]:
    (made,) = ast.parse(textwrap.dedent(inspect.getsource(of))).body
    assert isinstance(made, ast.ClassDef)
    found = {}
    for field, below in zip(made.body, made.body[1:], strict=False):
        match field, below:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str(text))),
            ):
                found[name] = text
    return found
