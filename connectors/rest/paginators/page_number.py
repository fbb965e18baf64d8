"""Pages that are asked for by their number."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from connectors.rest.locations import Location, in_words
from connectors.rest.paginators import (
    ByPosition,
    PageRequest,
    Pages,
    Paging,
    Parameter,
    Position,
)


def page_number(
    parameter: Parameter = "page", *, first: int = 1, last: Location | None = None
) -> Paging:
    """Count up from `first` to the page that the source names at `last`, or else to the first
    page without rows.

    A short page is never the last: a source may give fewer rows than it was asked for. Name `last`
    where a page behind the last one is answered with an error.

    >>> pages = page_number("page", first=0, last="meta.last_page")
    """
    named = None if last is None else in_words(last)

    def pages(request: PageRequest) -> Pages:
        for number in count(first):
            page = yield request.with_parameter(parameter, number)
            ends = None if last is None else page.find_number(last)
            if ends is None and not page.rows:
                return "no rows"
            if ends is not None and number >= ends:
                return f"{named} is {ends}"
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
