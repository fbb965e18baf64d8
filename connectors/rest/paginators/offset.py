"""Pages that are asked for by how many rows to leave out."""

from __future__ import annotations

from connectors.rest.paginators import ByPosition, PageRequest, Pages, Paging, Parameter


def offset(parameter: Parameter = "offset") -> Paging:
    """Leave out what was read, until a page has no rows.

    Counts the rows that came, not those that were asked for: a source may give fewer, and a short
    page is never the last. Rows that are deleted meanwhile move the others, and no total shows it
    for sure: `unmoved=read_twice(…)` does.

    >>> pages = offset("skip")
    """

    def pages(first: PageRequest) -> Pages:
        rows = 0
        while (page := (yield first.with_parameter(parameter, rows))).rows:
            rows += len(page.rows)
        return "no rows"

    return ByPosition(pages)
