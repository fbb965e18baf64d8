"""How a source hands over its rows page by page.

A way of paging is a generator: it yields the address of a page, is sent the page, and returns what
marked the last one. It only reads what the pages say; `walk` decides whether to believe them.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from connectors.errors import SourceChanged
from connectors.http.origin import follow

_EMPTY_PAGES = 3
"""In a row, each with a next one: more would be waiting for what does not come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One whole page."""

    what: str
    """`GET host:port/path` of the first page, and ` page 2` and so on behind it: the path of a
    further page may hold a value from the data."""
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    document: Mapping[str, Any] = field(repr=False)
    rows: list[dict[str, Any]] = field(repr=False)
    bytes: int


Pages: TypeAlias = Generator[str, Page, str]
Paging: TypeAlias = Callable[[str], Pages]
"""From the address of the first page."""


def walk(pages: Pages, fetch: Callable[[str, int], Page]) -> Generator[Page, None, str]:
    """Each page once, in order, fetched by address and number; returns what marked the last.

    SourceChanged for a next page of another origin (nothing is sent there), for one that was read
    before, and for the third empty page in a row that promises another.
    """
    seen: set[str] = set()
    empty = 0
    url = next(pages)
    while True:
        seen.add(url)
        page = fetch(url, len(seen))
        yield page
        empty = 0 if page.rows else empty + 1
        try:
            url = follow(url, pages.send(page), what=page.what)
        except StopIteration as end:
            marker: str = end.value
            return marker
        if url in seen:
            raise SourceChanged(f"{page.what} leads back to an earlier page")
        if empty == _EMPTY_PAGES:
            raise SourceChanged(f"{page.what}: {empty} empty pages in a row, and still a next one")
