"""Pages that are asked for by their number."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from connectors.rest.locations import Location, in_words
from connectors.rest.paginators import (
    ByPosition,
    Page,
    PageRequest,
    Pages,
    Paging,
    Parameter,
    Position,
)
from connectors.rest.paginators.ends import no_more


def page_number(
    parameter: Parameter = "page",
    *,
    first: int = 1,
    last: Location | None = None,
    more: Location | None = None,
) -> Paging:
    """Count up from `first` to the page that the source names at `last`, or whose flag at `more`
    is false, or else to the first page without rows. ValueError for both.

    A short page is never the last: a source may give fewer rows than it was asked for. Name `last`
    where a page behind the last one is answered with an error.

    >>> pages = page_number("page", first=0, last="meta.last_page")
    """
    if last is not None and more is not None:
        raise ValueError("name last or more: one of them ends the pages")
    if last is not None:
        in_words(last)

    def pages(request: PageRequest) -> Pages:
        for number in count(first):
            page = yield request.with_parameter(parameter, number)
            if (mark := _end(page, number, last, more)) is not None:
                return mark
        raise AssertionError("count() has no end")

    def guess(request: PageRequest, at: Position) -> Iterator[PageRequest]:
        ends = None if last is None else at.page.find_number(last)
        rows = at.rows
        for number in count(first + at.pages):
            if ends is not None and number > ends:
                return
            yield request.with_parameter(parameter, number)
            if at.total is not None and rows >= at.total:
                return  # it has no rows
            rows += len(at.page.rows)

    return ByPosition(pages, guess)


def _end(page: Page, number: int, last: Location | None, more: Location | None) -> str | None:
    if more is not None:
        return no_more(page, more)
    ends = None if last is None else page.find_number(last)
    if last is None or ends is None:
        return None if page.rows else "no rows"
    return f"{in_words(last)} is {ends}" if number >= ends else None
