"""Pages that give the address of the next one; the last gives none."""

from __future__ import annotations

from connectors.errors import SourceChanged
from connectors.rest.locations import Location, in_words
from connectors.rest.paginators import PageRequest, Pages, Paging
from connectors.rest.paginators.ends import is_none


def next_url(at: Location) -> Paging:
    """Send the same request to the address at `at`; null, false or an empty text marks the last
    page.

    A page without that place says nothing, so it is not the last: where the source leaves it out
    at the end, write `optional(...)`.

    >>> pages = next_url("links.next")
    """
    named = in_words(at)

    def pages(first: PageRequest) -> Pages:
        page = yield first
        while (none := is_none(link := page.find(at))) is None:
            if not isinstance(link, str):
                raise SourceChanged(f"{page.what}: no address and no null at {named}")
            page = yield first.at(link)
        return f"{named} is {none}"

    return pages
