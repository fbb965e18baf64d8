"""An element as a document of objects, lists and values, by its shape; nothing in it is lost.

An element that may come often is a list, and an attribute is a field beside the elements. One that
may be left out is null where it is; one that must not is left out, so that its absence shows. An
element that the WSDL does not name is a field of its text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from connectors import bounds
from connectors.rest.soap.shape import TEXT, Part, Shape
from connectors.rest.soap.texts import value_of
from connectors.rest.soap.xml import Element

_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,39}")
_SPACE = " \t\r\n"
_BETWEEN = "has text between elements"
_UNKNOWN = Shape(type="string")
_YES = {"true", "1"}

Derived = Callable[[str], Shape | None]
"""The shape of a type by its qualified name."""


class NotAsDescribed(ValueError):
    """An answer that its WSDL does not describe. Its text is a clause of why, without the data."""


def content_of(element: Element, shape: Shape, derived: Derived, *, depth: int = 0) -> Any:
    """What the element holds."""
    if depth > bounds.NESTING:
        raise NotAsDescribed(f"is nested more than {bounds.NESTING} deep")
    came: Mapping[str, str] = {}
    if element.keys():  # most have none, and to ask for all costs more than to ask for one
        shape = _derived(element, derived) or shape
        if element.get(f"{_XSI}nil", "").strip(_SPACE) in _YES:
            return None
        came = _attributes(element)
    if shape.is_value and not came:
        return _text(element, shape.type)
    found = _fields(came, shape)
    if shape.type is not None:
        found[TEXT] = _text(element, shape.type)
        return found
    _add_children(found, element, shape, derived, depth)
    return found


def _add_children(
    found: dict[str, Any], element: Element, shape: Shape, derived: Derived, depth: int
) -> None:
    if (text := element.text) and text.strip(_SPACE):
        raise NotAsDescribed(_BETWEEN)
    for child in element:
        if (text := child.tail) and text.strip(_SPACE):
            raise NotAsDescribed(_BETWEEN)
        part = shape.children.get(child.tag) or _unknown(child, shape)
        value = content_of(child, part.shape, derived, depth=depth + 1)
        if part.many:
            found.setdefault(part.name, []).append(value)
        elif part.name in found:
            raise NotAsDescribed(f"has {_told(part.name)} twice in one element")
        else:
            found[part.name] = value
    for part in shape.children.values():
        if part.many:
            found.setdefault(part.name, [])
        elif not part.required:
            found.setdefault(part.name, None)


def _fields(came: Mapping[str, str], shape: Shape) -> dict[str, Any]:
    """The attributes by name."""
    found: dict[str, Any] = {}
    taken = {part.name for part in shape.children.values()} | ({TEXT} if shape.type else set())
    for name, text in came.items():
        part, local = shape.attributes.get(name), _local(name)
        if local in found or local in taken:
            raise NotAsDescribed(f"has {_told(local)} twice in one element")
        found[local] = value_of(text, (part and part.shape.type) or "string")
    for name, part in shape.attributes.items():
        if name not in came and not part.required:
            found[part.name] = None
    return found


def _attributes(element: Element) -> dict[str, str]:
    """Those that say something of the data."""
    return {name: text for name, text in element.attrib.items() if not name.startswith(_XSI)}


def _text(element: Element, type_: str | None) -> object:
    if len(element):
        raise NotAsDescribed(f"has elements in {_told(_local(element.tag))}, which has none")
    text = element.text or ""
    if type_ is None:  # an element that has nothing
        if text.strip(_SPACE):
            raise NotAsDescribed(f"has text in {_told(_local(element.tag))}, which has none")
        return None
    return value_of(text, type_)


def _unknown(child: Element, shape: Shape) -> Part:
    name = _local(child.tag)
    if any(part.name == name for part in shape.parts()):
        raise NotAsDescribed(f"has {_told(name)} of another namespace")
    return Part(name=name, shape=_UNKNOWN)


def _derived(element: Element, derived: Derived) -> Shape | None:
    """By the type that the element itself names, which stands in place of the declared one."""
    named = element.get(f"{_XSI}type")
    if named is None:
        return None
    prefix, _, local = named.strip(_SPACE).rpartition(":")
    found = derived(f"{{{element.nsmap.get(prefix or None, '')}}}{local}")
    if found is None:
        raise NotAsDescribed(f"names a type of {_told(_local(element.tag))} that is not there")
    return found


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _told(name: str) -> str:
    """A name as schemas have them; another may be a value from the data."""
    return name if _NAME.fullmatch(name) else "an element"
