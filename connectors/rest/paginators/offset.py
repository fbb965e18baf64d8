"""Pages that are asked for by how many rows to leave out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from connectors.rest.locations import Location
from connectors.rest.paginators import (
    ByPosition,
    PageRequest,
    Pages,
    Paging,
    Parameter,
    Position,
)
from connectors.rest.paginators.ends import no_more


def offset(parameter: Parameter = "offset", *, more: Location | None = None) -> Paging:
    """Leave out what was read, until a page has no rows, or until the flag at `more` is false.

    Counts the rows that came, not those that were asked for: a source may give fewer, and a short
    page is never the last. Rows that are deleted meanwhile move the others, and no total shows it
    for sure: `unmoved=read_twice(…)` does.

    >>> pages = offset("skip")
    """

    def pages(first: PageRequest) -> Pages:
        rows = 0
        while True:
            page = yield first.with_parameter(parameter, rows)
            if (mark := no_more(page, more)) is not None:
                return mark
            if more is None and not page.rows:
                return "no rows"
            rows += len(page.rows)

    def guess(first: PageRequest, at: Position) -> Iterator[PageRequest]:
        for rows in count(at.rows, len(at.page.rows)):
            if at.total is not None and rows > at.total:
                return  # a short page leads elsewhere
            yield first.with_parameter(parameter, rows)

    return ByPosition(pages, guess)
