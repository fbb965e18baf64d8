"""Where something stands in an answer: in its document, at the root of it or in a header; pure.

"data.items"                 the field `items` of the field `data`
("meta", "total.count")      the same by names, for names that hold a dot
(0, "total")                 a number counts into a list
ROOT                         the document itself
Header("X-Total-Count")      a header of the answer
optional("paging.next")      a place that the source may leave out: it says null then
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

DocumentPath: TypeAlias = str | tuple[str | int, ...]
"""Names from the root of the document; in a text they are separated by dots."""

ROOT: Final[DocumentPath] = ()
"""The whole document."""


@dataclass(frozen=True, slots=True)
class Header:
    """A header of the answer, in any case; its value is text.

    >>> total = Header("X-Total-Count")
    >>> Endpoint(path="/parts", pages=link_header(), rows=ROOT, total=total).rows
    ()
    """

    name: str


@dataclass(frozen=True, slots=True)
class Optional:
    """A place that the source leaves out instead of writing null."""

    where: DocumentPath | Header


Location: TypeAlias = DocumentPath | Header | Optional


def optional(where: DocumentPath | Header) -> Optional:
    """`where`, if the source leaves it out to say null. A name that is misspelt then says null
    too: let a declared total tell the difference.

    >>> pages = cursor("after", at=optional("paging.next"))
    """
    return Optional(where)


def locate(where: Location, document: object, headers: Mapping[str, str]) -> Any:
    """What stands there; LookupError where nothing does. `headers` are by lower-cased name."""
    match where:
        case Header(name):
            return headers[name.lower()]
        case Optional(inner):
            try:
                return locate(inner, document, headers)
            except LookupError:
                return None
    value: Any = document
    for step in steps(where):
        there = isinstance(value, list if isinstance(step, int) else dict)
        if not there:
            raise KeyError(step)
        value = value[step]
    return value


def in_words(where: Location) -> str:
    """The place in words; ValueError where a name in it is empty."""
    match where:
        case Header(name):
            return f"header {name}"
        case Optional(inner):
            return in_words(inner)
    names = steps(where)
    if "" in names:
        raise ValueError(f"{where!r} has an empty name: write data.items, or ROOT for the root")
    return ".".join(map(str, names)) or "the root"


def in_header(where: Location) -> bool:
    """Whether what stands there is text, whatever it means."""
    return isinstance(where.where if isinstance(where, Optional) else where, Header)


def steps(where: DocumentPath) -> tuple[str | int, ...]:
    """The names and numbers that lead there from the root."""
    return (*where.split("."),) if isinstance(where, str) else where
