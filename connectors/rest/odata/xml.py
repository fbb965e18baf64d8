"""XML of a source as plain elements: no document type, no entities, bounded; pure.

Whatever a document type could declare (entities that expand, files and addresses to fetch) is
refused with it, before it is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from connectors import bounds

_MOST = 1 << 20
"""Elements. The largest descriptions of services have a tenth of it."""


class NotPlainXml(ValueError):
    """No XML that we read. Its text is a clause of why, without the data."""


@dataclass(slots=True)
class Element:
    """One element: its name without its namespace, and what is in it. Text is left out."""

    name: str
    attributes: Mapping[str, str]
    children: list[Element] = field(default_factory=list)

    def each(self, name: str) -> Iterator[Element]:
        """The children of that name, in order."""
        return (child for child in self.children if child.name == name)

    def all(self, name: str) -> Iterator[Element]:
        """The elements of that name inside it, at any depth."""
        for child in self.children:
            if child.name == name:
                yield child
            yield from child.all(name)


def parsed(body: bytes) -> Element:
    """The root element of `body`; NotPlainXml where there is none, or one of the things that are
    refused.
    """
    document = Element("", {})
    within = [document]
    count = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal count
        count += 1
        if count > _MOST or len(within) > bounds.NESTING:
            raise NotPlainXml("has more elements than are read, or nests them too deep")
        element = Element(name.rpartition(" ")[2], attributes)
        within[-1].children.append(element)
        within.append(element)

    def end(_: str) -> None:
        within.pop()

    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(body, True)
    except expat.ExpatError:
        raise NotPlainXml("is no whole XML") from None
    return document.children[0]


def _refuse(*_: object) -> NoReturn:
    raise NotPlainXml("declares a document type, which nothing here reads: have it left out")
