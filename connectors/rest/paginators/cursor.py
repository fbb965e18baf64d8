"""Pages that give a token for the next one, which is asked for by a parameter."""

from __future__ import annotations

from connectors.errors import SourceChanged
from connectors.rest.locations import Location, in_words
from connectors.rest.paginators import PageRequest, Pages, Paging, Parameter


def cursor(parameter: Parameter, *, at: Location) -> Paging:
    """Ask again with the token at `at`; null or an empty text marks the last page.

    A page without that place says nothing, so it is not the last: where the source leaves it out
    at the end, write `optional(...)`.

    >>> pages = cursor("page_token", at="next_page_token")
    """
    named = in_words(at)

    def pages(first: PageRequest) -> Pages:
        page = yield first
        while (token := page.find(at)) not in (None, ""):
            if type(token) not in (int, str) or not str(token).isprintable():
                raise SourceChanged(f"{page.what}: no token and no null at {named}")
            page = yield first.with_parameter(parameter, token)
        return f"{named} is {'null' if token is None else 'empty'}"

    return pages
