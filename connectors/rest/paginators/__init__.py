"""How a source hands over its rows page by page.

    first request ─▶ style: yields a request ⇄ is sent its page … returns what marked the last one
                       └─ walk: may it be sent? ─▶ authorize ─▶ retry ─▶ exchange ─▶ page

A page style is a generator. It sees whole requests and whole pages and only says what these say;
`walk` decides whether to believe it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from connectors.convert.json import Table
from connectors.errors import SourceChanged, SourceError
from connectors.http.origin import follow
from connectors.http.query import drop_parameters, set_parameters
from connectors.rest.counted_at import CountedAt, Total
from connectors.rest.locations import Location, in_header, in_words, locate
from connectors.rest.numbers import as_count, content_range

_EMPTY_PAGES = 3
"""In a row, each with a next one: more would be waiting for what does not come."""

Parameter: TypeAlias = str | tuple[str | int, ...]
"""A query parameter, or a field of a search's body; a tuple names a field inside a field, and a
number counts into a list that the body has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """A whole request for a page, before it is authorized. Nothing of it is told."""

    url: str = field(repr=False)
    body: Mapping[str, object] | None = field(default=None, repr=False)
    """A search, sent as JSON by POST; None sends a GET."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def at(self, url: str) -> PageRequest:
        """The same request to another address, which may be relative to this one."""
        return replace(self, url=url)

    def with_parameter(self, name: Parameter, value: str | int | list[Any]) -> PageRequest:
        """The same request with one parameter set: in its body if it has one, else in its query.
        SourceError for a nested name where there is no body.
        """
        if self.body is not None:
            names = (name,) if isinstance(name, str) else name
            return replace(self, body=_set(self.body, names, value))
        if isinstance(name, tuple):
            raise SourceError(f"a query has no field inside a field: write {in_words(name)!r}")
        return replace(self, url=set_parameters(self.url, {name: str(value)}))

    def with_header(self, name: str, value: str) -> PageRequest:
        """The same request with one header set."""
        return replace(self, headers={**self.headers, name: value})

    @property
    def identity(self) -> str:
        """The same for the same request."""
        return json.dumps([self.url, self.body, sorted(self.headers.items())], sort_keys=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One whole page."""

    what: str
    """`GET host:port/path` of the first page, and ` page 2` and so on behind it: the path of a
    further page may hold a value from the data."""
    request: PageRequest = field(repr=False)
    withheld: frozenset[str] = frozenset()
    """Query parameters that were added as the request was sent; the source may echo them."""
    headers: Mapping[str, str] = field(repr=False)
    document: Any = field(repr=False)
    rows: list[dict[str, Any]] = field(repr=False)
    """A number with a fraction or an exponent is the bytes that it was written in."""
    table: Table = field(repr=False)
    """The same by their fields."""
    more: str | None = None
    """The sign that another page follows, if the page has one (`connectors/rest/signs.py`)."""
    bytes: int
    counted: int | None = None
    """What a second request said of how many rows there are in all, if one was sent."""

    def find(self, where: Location) -> Any:
        """What stands there; SourceChanged, which names the place, where nothing does."""
        try:
            return locate(where, self.document, self.headers)
        except LookupError:
            is_list = isinstance(self.document, list) and not in_header(where)
            do = "the answer is a list: name a Header" if is_list else "correct the name"
            nothing = f"{self.what}: nothing at {in_words(where)}"
            raise SourceChanged(
                f"{nothing}: {do} in total or pages of its Endpoint, or write optional(…) in "
                "pages for a mark that the last page leaves out"
            ) from None

    def lead_to(self, request: PageRequest) -> PageRequest:
        """The request as it follows this page, without what is added as it is sent; SourceChanged
        if it leads to another origin.
        """
        url = follow(self.request.url, request.url, what=self.what)
        return request.at(drop_parameters(url, self.withheld))

    def find_number(self, where: Total) -> int | None:
        """A whole number of 0 or more, also as a text of its digits; None for null, and where an
        answer without content does not say. Of a header like `Content-Range` the complete length.
        """
        if isinstance(where, CountedAt):
            return self.counted
        try:
            value = self.find(where)
        except SourceChanged:
            if self.document is not None:
                raise
            return None
        if in_header(where) and (came := content_range(str(value))) is not None:
            return came.total
        try:
            return as_count(value)
        except ValueError:
            nothing = f"no number and no null at {in_words(where)}"
            raise SourceChanged(f"{self.what}: {nothing}") from None


Pages: TypeAlias = Generator[PageRequest, Page, str]
Paging: TypeAlias = Callable[[PageRequest], Pages]
"""From the request of the endpoint, which the style may change before it yields it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far a reading has come."""

    pages: int
    rows: int
    page: Page
    """The last one so far."""
    total: int | None
    """Rows in all, if the source says so."""


@dataclass(frozen=True, slots=True)
class ByPosition:
    """A style that asks for pages by where they stand: what is deleted or added meanwhile moves
    all rows behind it. So its requests are known beforehand, if each page has as many rows.
    """

    style: Paging
    guess: Callable[[PageRequest, Position], Iterator[PageRequest]]
    """What it asks for from a position on, if all further pages are as long; no further than the
    source says that there is something."""

    def __call__(self, first: PageRequest) -> Pages:
        """The pages of the style."""
        return self.style(first)


def begin(pages: Pages, first: PageRequest) -> PageRequest:
    """The first request of a style; SourceChanged if it leaves the endpoint's origin."""
    request = next(pages)
    return request.at(follow(first.url, request.url))


def walk(
    style: Paging,
    first: PageRequest,
    fetch: Callable[[PageRequest, int], Page],
    *,
    prepare: Callable[[Page, PageRequest], None] = lambda _, __: None,
) -> Generator[Page, None, str]:
    """Each page once, in order, fetched by request and number; returns what marked the last.
    `prepare` gets a page and the request that follows it, before the page is handed on.

    SourceChanged for a next page of another origin (nothing is sent there), for a request that
    was sent before, for the third empty page in a row that promises another, and for a page with
    exactly the rows of an earlier one: a source that does not know the parameter that counts the
    pages gives the same ones for ever. So is a last page with a sign that another one follows.
    """
    pages = style(first)
    seen: set[str] = set()
    numbers: dict[bytes, int] = {}
    empty = 0
    request = begin(pages, first)
    while True:
        seen.add(request.identity)
        page = fetch(request, len(seen))
        earlier = numbers.setdefault(page.table.digest(page.rows), len(seen))
        if page.rows and earlier != len(seen):
            raise SourceChanged(
                f"{page.what} has the rows of page {earlier}: correct how pages are asked for"
            )
        empty = 0 if page.rows else empty + 1
        following = _follow(pages, page, seen, empty)
        if isinstance(following, PageRequest):
            prepare(page, following)
        yield page
        if isinstance(following, SourceError):
            raise following
        if isinstance(following, str):
            return following
        request = following


def _follow(
    pages: Pages, page: Page, seen: Container[str], empty: int
) -> PageRequest | str | SourceError:
    """The request behind `page`, the mark that it is the last one, or why it may be neither:
    an error that comes behind its rows.
    """
    try:
        request = page.lead_to(pages.send(page))
    except StopIteration as end:
        marker: str = end.value
        if page.more is not None:
            return SourceChanged(
                f"{page.what}: {page.more} says that more follows, and the page style ends "
                f"here ({marker}): correct pages, or leave it out of signs"
            )
        return marker
    except SourceError as error:
        return error
    if request.identity in seen:
        return SourceChanged(f"{page.what} leads back to an earlier page")
    if empty == _EMPTY_PAGES:
        return SourceChanged(f"{page.what}: {empty} empty pages in a row, and still a next one")
    return request


def _set(held: object, names: tuple[str | int, ...], value: object) -> Any:
    if not names:
        return value
    name, *inner = names
    if isinstance(name, int):
        if not isinstance(held, list | tuple) or not 0 <= name < len(held):
            raise SourceError(f"search has no place {name} in a list: write it there")
        return [*held[:name], _set(held[name], (*inner,), value), *held[name + 1 :]]
    fields = held if isinstance(held, Mapping) else {}
    return {**fields, name: _set(fields.get(name), (*inner,), value)}
