"""Link header fields, read by the algorithm of RFC 8288 (appendix B.2 to B.4); pure.

The algorithm gives up quietly where it does not understand. Here that is an error: a field that is
not understood does not say that there is no next page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_EMPTY = re.compile(r"[ \t,]+")
"""White space and empty members of a list, which a recipient accepts (RFC 9110 5.6.1.2)."""
_TARGET = re.compile(r"<([^>]*)>")
_PARAMETER = re.compile(
    r"""[ \t]*;[ \t]*([^ \t=;,]*)[ \t]*(?:=[ \t]*(?:"((?:[^"\\]|\\.)*)"|((?!")[^;,]*)))?""",
    re.DOTALL,
)
_END = re.compile(r"[ \t]*(?:,|\Z)")


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a field."""

    target: str
    parameters: tuple[tuple[str, str], ...]
    """By lower-cased name, in order."""

    def find(self, name: str) -> str | None:
        """The first parameter of that name; the others do not count (RFC 8288 3.3)."""
        return next((value for found, value in self.parameters if found == name), None)

    @property
    def relations(self) -> frozenset[str]:
        """In lower case: relation types are compared without case (RFC 8288 2.1.1)."""
        return frozenset((self.find("rel") or "").lower().split())


def parse_links(field: str) -> tuple[Link, ...]:
    """The links of a field in order; ValueError if some of it cannot be read.

    >>> [link.target for link in parse_links('</2>; rel=next;;type=text/json, </9>; rel=last')]
    ['/2', '/9']
    """
    links: list[Link] = []
    at = 0
    while at < len(field):
        if empty := _EMPTY.match(field, at):
            at = empty.end()
            continue
        target = _TARGET.match(field, at)
        if target is None:
            raise ValueError("a link begins with an address in angle brackets")
        at = target.end()
        parameters: list[tuple[str, str]] = []
        while parameter := _PARAMETER.match(field, at):
            parameters.append(_pair(parameter))
            at = parameter.end()
        end = _END.match(field, at)
        if end is None:
            raise ValueError("a link ends with its parameters")
        at = end.end()
        links.append(Link(target[1], tuple(parameters)))
    return tuple(links)


def _pair(parameter: re.Match[str]) -> tuple[str, str]:
    name, quoted, plain = parameter.groups()
    if quoted is not None:
        return name.lower(), re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL)
    return name.lower(), (plain or "").strip(" \t")
