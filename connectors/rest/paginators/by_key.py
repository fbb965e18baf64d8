"""Pages that are asked for by the key of the last row."""

from __future__ import annotations

from connectors.errors import SourceChanged
from connectors.rest.paginators import PageRequest, Pages, Paging, Parameter


def by_key(parameter: Parameter, column: str) -> Paging:
    """Ask for the rows behind the last row's `column`, until a page has no rows. The source gives
    them in the order of that column. No row is left out when others come or go meanwhile: with
    `unmoved=immutable_key(column)` that is a proof.

    >>> pages = by_key("since_id", "part_key")
    """

    def pages(first: PageRequest) -> Pages:
        page = yield first
        while page.rows:
            last = page.rows[-1].get(column)
            if not isinstance(last, int | str) or not str(last).isprintable():
                raise SourceChanged(f"{page.what}: its last row has no {column} to go on from")
            page = yield first.with_parameter(parameter, last)
        return "no rows"

    return pages
