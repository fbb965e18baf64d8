"""Pages that are asked for by the key of the last row."""

from __future__ import annotations

from connectors.errors import SourceChanged
from connectors.rest.locations import Location
from connectors.rest.paginators import PageRequest, Pages, Paging, Parameter
from connectors.rest.paginators.ends import no_more, nothing_to_go_on


def by_key(parameter: Parameter, column: str, *, more: Location | None = None) -> Paging:
    """Ask for the rows behind the last row's `column`, until a page has no rows, or until the flag
    at `more` is false. The source gives them in the order of that column. No row is left out when
    others come or go meanwhile: with `unmoved=immutable_key(column)` that is a proof.

    >>> pages = by_key("starting_after", "id", more="has_more")
    """

    def pages(first: PageRequest) -> Pages:
        page = yield first
        while (mark := no_more(page, more)) is None:
            if not page.rows:
                if more is not None:
                    raise nothing_to_go_on(page, more)
                return "no rows"
            last = page.rows[-1].get(column)
            if not isinstance(last, int | str) or not str(last).isprintable():
                raise SourceChanged(f"{page.what}: its last row has no {column} to go on from")
            page = yield first.with_parameter(parameter, last)
        return mark

    return pages
