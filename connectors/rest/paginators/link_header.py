"""Pages that name the next one in a Link header (RFC 8288); the last has none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from connectors.rest.paginators import PageRequest, Pages, Paging

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PARAMETER = rf"""\s*;\s*({_NAME})\s*(?:=\s*("(?:[^"\\]|\\.)*"|{_NAME}))?"""
_LINK = re.compile(rf"<([^>]*)>((?:{_PARAMETER})*)")


def link_header() -> Paging:
    """Follow the link whose relation is `next`. A page without one is the last, as RFC 8288 knows
    no other mark: a header that was lost on the way ends the reading too, and only a declared
    total shows it.

    >>> pages = link_header()
    """

    def pages(first: PageRequest) -> Pages:
        page = yield first
        while (link := next(_find_next_links(page.headers.get("link", "")), None)) is not None:
            page = yield first.at(link)
        return "no link to a next page"

    return pages


def _find_next_links(field: str) -> Iterator[str]:
    """RFC 8288 3: relations are a list of names in any case; only the first `rel` counts."""
    for target, parameters in ((m[1], m[2]) for m in _LINK.finditer(field)):
        for name, value in re.findall(_PARAMETER, parameters):
            if name.lower() == "rel":
                if "next" in re.sub(r'^"|"$', "", value).lower().split():
                    yield target
                break
